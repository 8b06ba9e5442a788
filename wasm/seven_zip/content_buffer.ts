/**
 * The growing content of one file.
 *
 * @module
 */

/** From this size on, in bytes, the expected size counts: a liar must deliver so much before it costs memory. */
const TRUST_FROM_BYTES = 1_000_000;
/** More than this is not set aside on anybody's word. */
const TRUST_UP_TO_BYTES = 512_000_000;

/** Collects chunks. */
export class ContentBuffer {
  readonly #chunks: Uint8Array[] = [];
  #whole: Uint8Array<ArrayBuffer> | undefined;
  #sizeBytes = 0;

  /**
   * Adds a copy of `chunk`.
   *
   * @param expectedBytes the size that the whole is said to have, a hint: right, it saves copying everything again
   */
  append(chunk: Uint8Array, expectedBytes: number): void {
    const end = this.#sizeBytes + chunk.length;
    const isCredible = expectedBytes >= end && expectedBytes <= TRUST_UP_TO_BYTES;
    if (this.#whole === undefined && end > TRUST_FROM_BYTES && isCredible) {
      this.#whole = new Uint8Array(expectedBytes);
      this.#gather(this.#whole);
    }
    if (this.#whole !== undefined && end <= this.#whole.length) this.#whole.set(chunk, this.#sizeBytes);
    else {
      // More than was said: what came so far is one chunk among others.
      if (this.#whole !== undefined) this.#chunks.push(this.#whole.subarray(0, this.#sizeBytes));
      this.#whole = undefined;
      this.#chunks.push(chunk.slice());
    }
    this.#sizeBytes = end;
  }

  /** The content, in a buffer of its own; nothing may be appended afterwards. */
  take(): Uint8Array {
    const whole = this.#whole;
    if (whole !== undefined) {
      return whole.length === this.#sizeBytes ? whole : whole.slice(0, this.#sizeBytes);
    }
    const [first, second] = this.#chunks;
    if (first !== undefined && second === undefined) return first;
    const content = new Uint8Array(this.#sizeBytes);
    this.#gather(content);
    return content;
  }

  #gather(target: Uint8Array): void {
    let end = 0;
    for (const chunk of this.#chunks) {
      target.set(chunk, end);
      end += chunk.length;
    }
    this.#chunks.length = 0;
  }
}
