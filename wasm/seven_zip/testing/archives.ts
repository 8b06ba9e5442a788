/**
 * Archives for tests: committed ones, and zip and tar written field by field, so that a test can lie in any field.
 *
 * @module
 */

/** The archive `name` of this folder. */
export function fixture(name: string): Uint8Array {
  const text = Deno.readTextFileSync(new URL(`../testdata/${name}.b64`, import.meta.url));
  return Uint8Array.from(atob(text.replaceAll("\n", "")), (char) => char.charCodeAt(0));
}

/** UTF-8 of `text`. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Text of UTF-8 bytes. */
export function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}

/** All parts, one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

/** `content` through a compressor of the platform. */
export async function packed(content: Uint8Array, format: "gzip" | "deflate-raw"): Promise<Uint8Array> {
  const stream = new Blob([content as BlobPart]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** CRC-32 as zip has it. */
export function crc32(content: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** An entry of a zip; what is absent is told truly. */
export interface ZipEntry {
  readonly name: string | Uint8Array;
  /** As it stands in the archive. */
  readonly data?: Uint8Array;
  /** 0 stored, 8 deflate. */
  readonly method?: number;
  readonly crc?: number;
  readonly sizeBytes?: number;
  readonly packedBytes?: number;
  readonly comment?: string;
  /** Unix mode. */
  readonly mode?: number;
  /** Where the directory says that the local header is. */
  readonly offset?: number;
}

/** A zip of `entries`. */
export function zipOf(entries: readonly ZipEntry[], comment = ""): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const data = entry.data ?? new Uint8Array(0);
    const name = typeof entry.name === "string" ? utf8(entry.name) : entry.name;
    const note = utf8(entry.comment ?? "");
    const method = entry.method ?? 0;
    const common = joined(
      numbers([2, 20], [2, 0x0800], [2, method], [2, 0], [2, 0x5821], [4, entry.crc ?? crc32(data)]),
      numbers([4, entry.packedBytes ?? data.length], [4, entry.sizeBytes ?? data.length], [2, name.length], [
        2,
        0,
      ]),
    );
    const local = joined(numbers([4, 0x04034b50]), common, name, data);
    const attributes = numbers([2, note.length], [2, 0], [2, 0], [4, (entry.mode ?? 0o100644) * 65536]);
    directory.push(
      joined(
        numbers([4, 0x02014b50], [2, 0x0314]),
        common,
        attributes,
        numbers([4, entry.offset ?? offset]),
        name,
        note,
      ),
    );
    locals.push(local);
    offset += local.length;
  }
  const directoryBytes = directory.reduce((sum, part) => sum + part.length, 0);
  const count = entries.length;
  const end = numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, directoryBytes], [
    4,
    offset,
  ], [2, utf8(comment).length]);
  return joined(...locals, ...directory, end, utf8(comment));
}

/** A deflated entry of `content`, true but for what `lies` says. */
export async function deflated(
  name: string,
  content: Uint8Array,
  lies: Partial<ZipEntry> = {},
): Promise<ZipEntry> {
  return {
    name,
    method: 8,
    data: await packed(content, "deflate-raw"),
    crc: crc32(content),
    sizeBytes: content.length,
    ...lies,
  };
}

/** An entry of a tar. */
export interface TarEntry {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array;
  /** `0` file, `1` hard link, `2` symbolic link, `3` device, `5` folder. */
  readonly type?: string;
  readonly link?: string;
}

/** A tar (ustar) of `entries`. */
export function tarOf(entries: readonly TarEntry[]): Uint8Array {
  const blocks = entries.flatMap(({ name, data = new Uint8Array(0), type = "0", link = "" }) => {
    const header = new Uint8Array(512);
    const put = (at: number, value: string | Uint8Array) =>
      header.set(typeof value === "string" ? utf8(value) : value, at);
    put(0, name);
    put(
      100,
      "0000644\0" + "0000000\0".repeat(2) + data.length.toString(8).padStart(11, "0") + "\0" +
        "14600000000\0",
    );
    put(148, " ".repeat(8) + type + link);
    put(257, "ustar\x0000");
    const sum = header.reduce((total, byte) => total + byte, 0);
    put(148, sum.toString(8).padStart(6, "0") + "\0 ");
    return [header, data, new Uint8Array((512 - data.length % 512) % 512)];
  });
  return joined(...blocks, new Uint8Array(1024));
}

function numbers(...fields: readonly (readonly [width: number, value: number])[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([width, value]) =>
      Array.from({ length: width }, (_, index) => Math.floor(value / 2 ** (8 * index)) % 256)
    ),
  );
}
