/**
 * Reads files and streams whose reported size may be wrong.
 *
 * @module
 */

/** An open file or stream. */
export interface ByteSource {
  /** Reads at most as many bytes as fit; `null` at the end. */
  read(target: Uint8Array): Promise<number | null>;
}

/** Read size while the rest is unknown, in bytes. */
const CHUNK_BYTES = 65_536;

/**
 * Reads to the end. Returns `undefined` when the content exceeds the limit, after at most one chunk beyond it.
 *
 * @param expectedBytes reported size, which is allocated at once; the content may be shorter or longer
 */
export async function readToEnd(
  source: ByteSource,
  limitBytes: number,
  expectedBytes = 0,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let content = new Uint8Array(Math.min(expectedBytes, limitBytes));
  const spare = new Uint8Array(CHUNK_BYTES);
  for (let length = 0;;) {
    // A full buffer grows only if more follows, so a file of the expected size is not copied.
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
