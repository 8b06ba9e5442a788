/**
 * Reads the archive of a package: tar (POSIX ustar and pax, GNU long names) in gzip, within limits.
 *
 * @module
 */

import { pluginRefused } from "../../plugin/installing_errors.ts";
import { quote } from "../../core/contract/printable.ts";
import { isStoredPath } from "../../plugin/lock.ts";
import { MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES } from "./limits.ts";

const BLOCK_BYTES = 512;
/** Longest extended header, in bytes: it contains names. */
const MAX_HEADER_BYTES = 65_536;

/** The fields of a header. */
interface Header {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/**
 * Returns the files by their path below the archive's top folder, which npm names `package`.
 *
 * @throws {StoqError} for a damaged archive, a link, a path that leads outside the folder, a duplicate name, and when a limit is exceeded
 */
export async function readTarball(archive: Uint8Array, what: string): Promise<Map<string, Uint8Array>> {
  return new TarReader(await gunzip(archive, what), what).read();
}

async function gunzip(archive: Uint8Array, what: string): Promise<Uint8Array> {
  const stream = new Blob([archive as Uint8Array<ArrayBuffer>]).stream().pipeThrough(
    new DecompressionStream("gzip"),
  );
  const limitBytes = MAX_TOTAL_BYTES + MAX_FILES * 2 * BLOCK_BYTES;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > limitBytes) {
        throw pluginRefused(what, `its archive unpacks to more than ${limitBytes} bytes`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw pluginRefused(what, `its archive is damaged: ${error.message}`);
  }
  const content = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    content.set(chunk, at);
    at += chunk.length;
  }
  return content;
}

class TarReader {
  readonly #content: Uint8Array;
  readonly #what: string;
  readonly #files = new Map<string, Uint8Array>();
  #at = 0;
  /** Name of the next entry, from an extended header. */
  #longName: string | undefined;

  constructor(content: Uint8Array, what: string) {
    this.#content = content;
    this.#what = what;
  }

  read(): Map<string, Uint8Array> {
    while (this.#at < this.#content.length) {
      const block = this.#take(BLOCK_BYTES);
      if (block.every((byte) => byte === 0)) break;
      const { name, type, size } = this.#header(block);
      const body = this.#take(size);
      this.#at = Math.min(this.#content.length, Math.ceil(this.#at / BLOCK_BYTES) * BLOCK_BYTES);
      if (type === "x" || type === "L") this.#longName = this.#extendedName(type, body);
      else {
        this.#entry(this.#longName ?? name, type, body);
        this.#longName = undefined;
      }
    }
    return this.#files;
  }

  #take(count: number): Uint8Array {
    if (this.#at + count > this.#content.length) throw this.#refuse("its archive is cut off");
    return this.#content.subarray(this.#at, this.#at += count);
  }

  /** POSIX.1-2017, pax, "ustar Interchange Format". */
  #header(block: Uint8Array): Header {
    const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    if (octal(block, 148, 8) !== sum) {
      throw this.#refuse("its archive is damaged: the checksum of a header is wrong");
    }
    const size = octal(block, 124, 12);
    if (size === undefined || size > MAX_FILE_BYTES) {
      throw this.#refuse(`a file of its archive has more than ${MAX_FILE_BYTES} bytes`);
    }
    const isUstar = text(block, 257, 5) === "ustar";
    const prefix = isUstar && block[262] === 0 ? text(block, 345, 155) : "";
    const name = text(block, 0, 100);
    return { name: prefix === "" ? name : `${prefix}/${name}`, type: String.fromCharCode(block[156]!), size };
  }

  #extendedName(type: string, body: Uint8Array): string | undefined {
    if (body.length > MAX_HEADER_BYTES) throw this.#refuse("a header of its archive is too long");
    if (type === "L") return text(body, 0, body.length);
    // Records are "LENGTH KEY=VALUE\n", the length counted in bytes and itself included.
    let name = this.#longName;
    for (let at = 0; at < body.length;) {
      const space = body.indexOf(0x20, at);
      const length = space < 0 ? NaN : Number(text(body, at, space - at));
      if (!Number.isSafeInteger(length) || length <= space - at || at + length > body.length) {
        throw this.#refuse("its archive is damaged: an extended header can't be read");
      }
      const record = text(body, space + 1, at + length - space - 2);
      if (record.startsWith("path=")) name = record.slice("path=".length);
      if (record.startsWith("size=")) throw this.#refuse("its archive has an entry with two sizes");
      at += length;
    }
    return name;
  }

  #entry(name: string, type: string, body: Uint8Array): void {
    // Folders are created as needed; "g" describes the archive.
    if (type === "5" || type === "g") return;
    if (type !== "0" && type !== "\0") {
      throw this.#refuse(`${quote(name)} in its archive is not a regular file`);
    }
    const [folder, ...names] = name.replace(/^\.\//, "").split("/");
    const path = names.join("/");
    if (!isStoredPath(`${folder}/${path}`)) {
      throw this.#refuse(`${quote(name)} in its archive leads outside its folder`);
    }
    if (this.#files.has(path)) throw this.#refuse(`${quote(name)} is in its archive twice`);
    if (this.#files.size >= MAX_FILES) throw this.#refuse(`its archive has more than ${MAX_FILES} files`);
    this.#files.set(path, body);
  }

  #refuse(reason: string): Error {
    return pluginRefused(this.#what, reason);
  }
}

function text(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

function octal(bytes: Uint8Array, start: number, length: number): number | undefined {
  const digits = text(bytes, start, length).trim();
  return /^[0-7]{1,12}$/.test(digits) ? parseInt(digits, 8) : undefined;
}
