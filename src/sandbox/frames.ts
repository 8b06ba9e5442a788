/**
 * Frames on a stream of bytes: `secret, JSON length, body length, JSON, body, secret`.
 *
 * Lengths are unsigned 32-bit integers, little endian. A runner's secret is random and known only to the two main threads, so
 * text that a plugin prints to the same stream can't look like a frame. Frames to a runner have a public mark in place of the
 * secret: plugins can read that stream, and not write to it.
 *
 * @module
 */

/** Length of a secret or mark. */
export const SECRET_BYTES = 16;

const LENGTHS_BYTES = 8;
const BUFFER_BYTES = 65_536;
/** Bodies up to this size are copied into one piece with the rest: another write would cost more. */
const SMALL_BYTES = 262_144;

/** A stream that is not a sequence of frames. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** One message with its body. */
export interface Frame {
  /** Parsed JSON, unchecked. */
  readonly message: unknown;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Size limits of a frame's parts. */
export interface FrameLimits {
  readonly jsonBytes: number;
  readonly bodyBytes: number;
}

/** Fills at most the whole target; `null` at the end of the stream. */
export type ReadInto = (target: Uint8Array) => Promise<number | null>;

/** Returns a function that fills buffers from a stream of chunks. */
export function readInto(reader: ReadableStreamDefaultReader<Uint8Array>): ReadInto {
  let rest = new Uint8Array() as Uint8Array;
  return async (target) => {
    while (rest.length === 0) {
      const { done, value } = await reader.read();
      if (done) return null;
      rest = value;
    }
    const taken = rest.subarray(0, target.length);
    target.set(taken);
    rest = rest.subarray(taken.length);
    return taken.length;
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Returns the pieces of a frame, to be written one after the other. */
export function encodeFrame(
  secret: Uint8Array,
  message: unknown,
  bodies: readonly Uint8Array[] = [],
): Uint8Array[] {
  const json = encoder.encode(JSON.stringify(message));
  const bodyBytes = bodies.reduce((sum, body) => sum + body.length, 0);
  const isSmall = bodyBytes <= SMALL_BYTES;
  const head = new Uint8Array(
    SECRET_BYTES + LENGTHS_BYTES + json.length + (isSmall ? bodyBytes + SECRET_BYTES : 0),
  );
  head.set(secret);
  const lengths = new DataView(head.buffer, SECRET_BYTES, LENGTHS_BYTES);
  lengths.setUint32(0, json.length, true);
  lengths.setUint32(4, bodyBytes, true);
  let offset = SECRET_BYTES + LENGTHS_BYTES;
  for (const piece of isSmall ? [json, ...bodies, secret] : [json]) {
    head.set(piece, offset);
    offset += piece.length;
  }
  return isSmall ? [head] : [head, ...bodies, secret];
}

/** Cuts a body into pieces of the given sizes. @throws {FrameError} for sizes whose sum is not the length of the body */
export function splitBody(
  body: Uint8Array<ArrayBuffer>,
  sizes: readonly number[],
): Uint8Array<ArrayBuffer>[] {
  let offset = 0;
  const pieces = sizes.map((size) => {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new FrameError(`a size must be a whole number, got ${size}`);
    }
    return body.subarray(offset, offset += size);
  });
  if (offset !== body.length) throw new FrameError(`the sum of sizes must be ${body.length}, got ${offset}`);
  return pieces;
}

/** Reads frames from a stream to which plugins may print as well. */
export class FrameReader {
  readonly #read: ReadInto;
  readonly #secret: Uint8Array;
  readonly #limits: FrameLimits;
  readonly #onPrinted: (bytes: Uint8Array) => void;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #start = 0;
  #end = 0;

  /** @param onPrinted receives the bytes between frames, which are valid until it returns */
  constructor(
    read: ReadInto,
    secret: Uint8Array,
    limits: FrameLimits,
    onPrinted: (bytes: Uint8Array) => void,
  ) {
    this.#read = read;
    this.#secret = secret;
    this.#limits = limits;
    this.#onPrinted = onPrinted;
  }

  /** Returns the next frame; `undefined` at the end of the stream. @throws {FrameError} for a frame that is cut, mixed up or too large */
  async next(): Promise<Frame | undefined> {
    if (!await this.#findSecret()) return undefined;
    const lengths = new DataView((await this.#take(LENGTHS_BYTES)).buffer);
    const jsonBytes = lengths.getUint32(0, true);
    const bodyBytes = lengths.getUint32(4, true);
    check("JSON", jsonBytes, this.#limits.jsonBytes);
    check("body", bodyBytes, this.#limits.bodyBytes);
    const json = await this.#take(jsonBytes);
    const body = await this.#take(bodyBytes);
    if (!startsWith(await this.#take(SECRET_BYTES), 0, this.#secret)) {
      throw new FrameError("something was printed into the middle of a frame");
    }
    return { message: parse(json), body };
  }

  /** Skips printed bytes. Returns whether a frame follows. */
  async #findSecret(): Promise<boolean> {
    for (;;) {
      const found = this.#searchBuffer();
      if (found !== undefined) {
        this.#skip(found);
        this.#start += SECRET_BYTES;
        return true;
      }
      // The last bytes may be the start of the secret.
      this.#skip(Math.max(this.#start, this.#end - SECRET_BYTES + 1));
      if (!await this.#fill()) {
        this.#skip(this.#end);
        return false;
      }
    }
  }

  #searchBuffer(): number | undefined {
    const last = this.#end - SECRET_BYTES;
    for (let at = this.#start; at <= last; at++) {
      at = this.#buffer.indexOf(this.#secret[0]!, at);
      if (at < 0 || at > last) return undefined;
      if (startsWith(this.#buffer, at, this.#secret)) return at;
    }
    return undefined;
  }

  #skip(to: number): void {
    if (to > this.#start) this.#onPrinted(this.#buffer.subarray(this.#start, to));
    this.#start = to;
  }

  async #fill(): Promise<boolean> {
    this.#buffer.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
    const count = await this.#read(this.#buffer.subarray(this.#end));
    if (count === null) return false;
    this.#end += count;
    return true;
  }

  async #take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const taken = new Uint8Array(length);
    let filled = Math.min(length, this.#end - this.#start);
    taken.set(this.#buffer.subarray(this.#start, this.#start + filled));
    this.#start += filled;
    while (filled < length) {
      // A long rest is read directly into its place, a short one through the buffer together with the bytes behind it.
      if (length - filled >= BUFFER_BYTES) {
        const count = await this.#read(taken.subarray(filled));
        if (count === null) throw new FrameError("the stream ended in the middle of a frame");
        filled += count;
      } else {
        if (!await this.#fill()) throw new FrameError("the stream ended in the middle of a frame");
        const count = Math.min(length - filled, this.#end - this.#start);
        taken.set(this.#buffer.subarray(this.#start, this.#start + count), filled);
        this.#start += count;
        filled += count;
      }
    }
    return taken;
  }
}

function check(what: string, bytes: number, limit: number): void {
  if (bytes > limit) throw new FrameError(`a frame's ${what} must have at most ${limit} bytes, got ${bytes}`);
}

function startsWith(bytes: Uint8Array, offset: number, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => bytes[offset + index] === byte);
}

function parse(json: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(json));
  } catch (error) {
    throw new FrameError("a frame's JSON can't be parsed", { cause: error });
  }
}
