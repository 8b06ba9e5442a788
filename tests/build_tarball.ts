/**
 * Builds archives for tests, sound ones and others.
 *
 * @module
 */

/** One entry. */
export interface TarEntry {
  readonly name: string;
  readonly prefix?: string;
  /** Default: a regular file. */
  readonly type?: string;
  readonly content?: string | Uint8Array<ArrayBuffer>;
  /** What the header says instead of the truth, in bytes. */
  readonly size?: number;
  /** The header's sum instead of the right one. */
  readonly sum?: number;
}

/** Builds a tar in gzip. */
export async function buildTarball(entries: readonly TarEntry[]): Promise<Uint8Array<ArrayBuffer>> {
  const blocks = entries.flatMap((entry) => {
    const { content: given = "" } = entry;
    const content = typeof given === "string" ? new TextEncoder().encode(given) : given;
    const padding = new Uint8Array((512 - content.length % 512) % 512);
    return [header(entry, content.length), content, padding];
  });
  const tar = new Blob([...blocks, new Uint8Array(1024)]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(tar).arrayBuffer());
}

function header(
  { name, prefix = "", type = "0", size, sum }: TarEntry,
  length: number,
): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(512);
  const put = (at: number, text: string) => block.set(new TextEncoder().encode(text), at);
  put(0, name);
  put(100, "0000644\0");
  put(124, `${(size ?? length).toString(8).padStart(11, "0")}\0`);
  put(148, "        ");
  put(156, type);
  put(257, "ustar\0");
  put(263, "00");
  put(345, prefix);
  const right = block.reduce((total, byte) => total + byte, 0);
  put(148, `${(sum ?? right).toString(8).padStart(6, "0")}\0 `);
  return block;
}
