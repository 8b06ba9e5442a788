/**
 * The memory of a running 7-Zip, seen from outside.
 *
 * @module
 */

import { PAGE_BYTES } from "./abi.ts";

/** Views of the guest's memory that survive its growth. */
export class GuestMemory {
  readonly #limitBytes: number;
  #memory: WebAssembly.Memory | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** @param limitBytes the size above which growth is refused */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Gives the memory, which exists only once the guest is instantiated. */
  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  /** The guest's memory as bytes; hold it no longer than the current call. */
  get bytes(): Uint8Array {
    this.#refresh();
    return this.#bytes;
  }

  /** The guest's memory as little-endian numbers; hold it no longer than the current call. */
  get view(): DataView {
    this.#refresh();
    return this.#view;
  }

  /** A copy of the bytes from `pointer` up to the next zero. */
  cString(pointer: number): Uint8Array {
    const bytes = this.bytes;
    const end = bytes.indexOf(0, pointer);
    return bytes.slice(pointer, end < 0 ? bytes.length : end);
  }

  /** Buffer number `index` of a WASI scatter or gather list, as a view. */
  vector(list: number, index: number): Uint8Array {
    const view = this.view;
    const start = view.getUint32(list + 8 * index, true);
    return this.#bytes.subarray(start, start + view.getUint32(list + 8 * index + 4, true));
  }

  /** Grows to at least `requestedBytes`; `false`, which the guest sees as a failed `malloc`, above the limit. */
  grow(requestedBytes: number): boolean {
    if (this.#memory === undefined || requestedBytes > this.#limitBytes) return false;
    const have = this.#memory.buffer.byteLength;
    const wanted = Math.min(Math.max(requestedBytes, have * 1.2), this.#limitBytes);
    const pages = Math.ceil((Math.max(wanted, requestedBytes) - have) / PAGE_BYTES);
    try {
      this.#memory.grow(pages);
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  #refresh(): void {
    const buffer = this.#memory?.buffer;
    if (buffer === undefined || buffer === this.#bytes.buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }
}
