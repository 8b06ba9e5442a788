/**
 * Where the files of a plugin come from: addresses, each fetched once, and a folder's files that were read before.
 *
 * @module
 */

import { downloadFailed, pluginRefused } from "../../plugin/installing_errors.ts";
import { quote } from "../../core/contract/printable.ts";
import type { Downloads } from "../../core/ports/storage.ts";
import { addressProblem } from "../../plugin/reference.ts";
import { MAX_FILE_BYTES, MAX_FILES, MAX_REDIRECTS, MAX_TOTAL_BYTES } from "./limits.ts";

/** A file as it came. */
export interface SourceFile {
  /** Its address behind all redirections: what it imports is relative to this. */
  readonly url: string;
  readonly bytes: Uint8Array;
  /** In lower case, empty where nobody says. */
  readonly mediaType: string;
}

/**
 * The address that stands for a folder. It lies deep, so that a path that leads out of the folder does not end at a root and in
 * it again.
 */
export const FOLDER_URL = `folder:///${"x/".repeat(32)}plugin/`;

/** This machine, and hosts without a public name (the parser has made all spellings of IPv4 one): the user's own network. */
const NOT_PUBLIC = /(?:^|\.)localhost\.?$|^\[|^[\d.]+$|^[^.]+\.?$/;

/** Reads the files of one plugin, each once, and counts them. */
export class Sources {
  readonly #downloads: Downloads;
  readonly #folder: ReadonlyMap<string, Uint8Array>;
  /** Address of the plugin itself, where it has one. */
  readonly #origin: URL | undefined;
  /** What a user should know of the way to the files. */
  readonly notes: string[] = [];
  /** By the address that was asked, and by the one behind redirections: what is checked must be what is stored. */
  readonly #known = new Map<string, Promise<SourceFile>>();
  #files = 0;
  #bytes = 0;

  /**
   * @param origin address that the user named, where it was one
   * @param folder path → bytes of what is below {@link FOLDER_URL}
   */
  constructor(
    downloads: Downloads,
    origin: string | undefined,
    folder: ReadonlyMap<string, Uint8Array> = new Map(),
  ) {
    this.#downloads = downloads;
    this.#origin = origin === undefined ? undefined : new URL(origin);
    this.#folder = folder;
  }

  /** Reads what is at an address; the same file however often it is asked for. @throws {StoqError} */
  async read(url: string, limitBytes = MAX_FILE_BYTES): Promise<SourceFile> {
    let reading = this.#known.get(url);
    if (!reading) this.#known.set(url, reading = this.#readOnce(url, limitBytes));
    const file = await reading;
    const first = this.#known.get(file.url);
    if (first) return await first;
    this.#known.set(file.url, reading);
    return file;
  }

  async #readOnce(url: string, limitBytes: number): Promise<SourceFile> {
    if (++this.#files > MAX_FILES) throw pluginRefused("the plugin", `it has more than ${MAX_FILES} files`);
    const file = url.startsWith("folder:") ? this.#fromFolder(url) : await this.#download(url, limitBytes);
    this.#bytes += file.bytes.length;
    if (this.#bytes > MAX_TOTAL_BYTES) {
      throw pluginRefused("the plugin", `its files have more than ${MAX_TOTAL_BYTES} bytes together`);
    }
    return file;
  }

  #fromFolder(url: string): SourceFile {
    const path = url.startsWith(FOLDER_URL) ? decodeURIComponent(url.slice(FOLDER_URL.length)) : undefined;
    const bytes = path === undefined ? undefined : this.#folder.get(path.replace(/[?#].*$/s, ""));
    if (bytes) return { url, bytes, mediaType: "" };
    throw pluginRefused(
      "the plugin",
      path === undefined ? "an import leads out of its folder" : `${quote(path)} is not in its folder`,
    );
  }

  async #download(asked: string, limitBytes: number): Promise<SourceFile> {
    let url = asked;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      this.#checkAddress(url);
      const { status, location, mediaType, content } = await this.#get(url, limitBytes);
      if (status >= 300 && status < 400 && location !== undefined) {
        const next = URL.parse(location, url);
        if (!next) throw downloadFailed(url, `it leads to ${quote(location)}, which is no address`);
        // Code is told apart by its address, and a fragment is not part of that.
        next.hash = "";
        this.notes.push(`${quote(url)} leads to ${quote(next.href)}`);
        url = next.href;
        continue;
      }
      if (status !== 200) throw downloadFailed(url, `the server answers ${status}`);
      if (!content) throw downloadFailed(url, `it has more than ${limitBytes} bytes`);
      return { url, bytes: content, mediaType };
    }
    throw downloadFailed(asked, `it leads on more than ${MAX_REDIRECTS} times`);
  }

  async #get(url: string, limitBytes: number) {
    try {
      return await this.#downloads.get(url, limitBytes);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw downloadFailed(url, error.message);
    }
  }

  /** Nobody has agreed to anything yet: a module must not make us ask around in the user's own network. */
  #checkAddress(address: string): void {
    const url = new URL(address);
    const problem = addressProblem(url);
    if (problem) throw pluginRefused(quote(address), `it ${problem}`);
    if (url.origin === this.#origin?.origin) return;
    if (url.port !== "") {
      throw pluginRefused(quote(address), "another host than the plugin's must have no port");
    }
    if (!NOT_PUBLIC.test(url.hostname)) return;
    throw pluginRefused(quote(address), "another host than the plugin's must have a public name");
  }
}
