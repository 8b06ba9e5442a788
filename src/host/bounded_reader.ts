/**
 * Reading without trust in what a file or stream says of its size.
 *
 * @module
 */

/** An open file or stream. */
export interface ByteSource {
  /** Reads up to as many bytes as there is room for; `null` at the end. */
  read(target: Uint8Array): Promise<number | null>;
}

/** What is read at once where nobody knows how much there is, in bytes. */
const CHUNK_BYTES = 65_536;

/**
 * Reads to the end; `undefined` when there is more than the limit, which is known one chunk behind it at the latest.
 *
 * @param expectedBytes what the file says of its size: room for that is made at once, less or more may come
 */
export async function readToEnd(
  source: ByteSource,
  limitBytes: number,
  expectedBytes = 0,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let content = new Uint8Array(Math.min(expectedBytes, limitBytes));
  const spare = new Uint8Array(CHUNK_BYTES);
  for (let length = 0;;) {
    // A full buffer grows only when there is more, so that a file of the expected size is not copied.
    const isFull = length === content.length;
    const count = await source.read(isFull ? spare : content.subarray(length));
    if (count === null) return length === content.length ? content : resized(content, length);
    if (isFull) {
      if (length + count > limitBytes) return undefined;
      content = resized(content, Math.min(limitBytes, Math.max(length * 2, length + CHUNK_BYTES)));
      content.set(spare.subarray(0, count), length);
    }
    length += count;
  }
}

function resized(content: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(content.buffer.transfer(length));
}
