/**
 * Writes a block of bytes that knows its address, for files made by tests.
 *
 * @module
 */

/** Bytes that grow; numbers are little-endian. */
export class ByteWriter {
  readonly #bytes: number[] = [];

  /** @param address that of the first byte */
  constructor(readonly address: number) {}

  /** Address of the next byte. */
  get here(): number {
    return this.address + this.#bytes.length;
  }

  /** Writes numbers of so many bytes each; answers the address of the first. */
  numbers(sizeBytes: number, ...values: (number | bigint)[]): number {
    const start = this.here;
    for (const value of values) {
      for (let i = 0n; i < sizeBytes; i++) this.#bytes.push(Number((BigInt(value) >> (8n * i)) & 0xffn));
    }
    return start;
  }

  /** Writes bytes. */
  raw(bytes: Iterable<number>): number {
    const start = this.here;
    for (const byte of bytes) this.#bytes.push(byte);
    return start;
  }

  /** Writes a text in UTF-8 with a zero behind it. */
  text(text: string): number {
    const start = this.raw(new TextEncoder().encode(text));
    this.#bytes.push(0);
    return start;
  }

  /** Fills up with zeros to a multiple. */
  align(multiple: number): number {
    while (this.#bytes.length % multiple !== 0) this.#bytes.push(0);
    return this.here;
  }

  /** Overwrites the bytes at an address. */
  patch(address: number, sizeBytes: number, ...values: (number | bigint)[]): void {
    const patch = new ByteWriter(address);
    patch.numbers(sizeBytes, ...values);
    patch.bytes().forEach((byte, i) => this.#bytes[address - this.address + i] = byte);
  }

  /** All that was written. */
  bytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }
}
