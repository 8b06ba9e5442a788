/**
 * Reads the files of a plugin, each once, from addresses or from a folder that was read before.
 *
 * @module
 */

import { downloadFailed, pluginRefused } from "../../plugin/installing_errors.ts";
import { quote } from "../../core/contract/printable.ts";
import type { Downloads } from "../../core/ports/storage.ts";
import { addressProblem } from "../../plugin/reference.ts";
import { MAX_FILE_BYTES, MAX_FILES, MAX_REDIRECTS, MAX_TOTAL_BYTES } from "./limits.ts";

/** A file as it was fetched. */
export interface SourceFile {
  /** Its address after all redirects, to which its imports are relative. */
  readonly url: string;
  readonly bytes: Uint8Array;
  /** In lower case; empty if the server names none. */
  readonly mediaType: string;
}

/**
 * The address of a folder. It is deep, so that a path with many `..` leaves the folder instead of stopping at the root.
 */
export const FOLDER_URL = `folder:///${"x/".repeat(32)}plugin/`;

/** This machine, IP addresses (in the one form that the URL parser gives them) and hosts without a public name. */
const NOT_PUBLIC = /(?:^|\.)localhost\.?$|^\[|^[\d.]+$|^[^.]+\.?$/;

/** Reads the files of one plugin, each once, and counts them. */
export class Sources {
  readonly #downloads: Downloads;
  readonly #folder: ReadonlyMap<string, Uint8Array>;
  /** Address of the plugin, if it has one. */
  readonly #origin: URL | undefined;
  /** Redirects, for the user. */
  readonly notes: string[] = [];
  /** By requested address and by final address, so that the file that is checked is the file that is stored. */
  readonly #known = new Map<string, Promise<SourceFile>>();
  #files = 0;
  #bytes = 0;

  /**
   * @param origin address that the user named, if any
   * @param folder path → bytes of the files below {@link FOLDER_URL}
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

  /** Reads the file at an address; repeated calls return the same file. @throws {StoqError} */
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
      throw pluginRefused("the plugin", `its files have more than ${MAX_TOTAL_BYTES} bytes in total`);
    }
    return file;
  }

  #fromFolder(url: string): SourceFile {
    const path = url.startsWith(FOLDER_URL) ? decodeURIComponent(url.slice(FOLDER_URL.length)) : undefined;
    const bytes = path === undefined ? undefined : this.#folder.get(path.replace(/[?#].*$/s, ""));
    if (bytes) return { url, bytes, mediaType: "" };
    throw pluginRefused(
      "the plugin",
      path === undefined ? "an import leads outside its folder" : `${quote(path)} is not in its folder`,
    );
  }

  async #download(requested: string, limitBytes: number): Promise<SourceFile> {
    let url = requested;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      this.#checkAddress(url);
      const { status, location, mediaType, content } = await this.#get(url, limitBytes);
      if (status >= 300 && status < 400 && location !== undefined) {
        const next = URL.parse(location, url);
        if (!next) throw downloadFailed(url, `it redirects to ${quote(location)}, which is not a URL`);
        // A fragment is not part of the address by which modules are identified.
        next.hash = "";
        this.notes.push(`${quote(url)} redirects to ${quote(next.href)}`);
        url = next.href;
        continue;
      }
      if (status !== 200) throw downloadFailed(url, `the server answered ${status}`);
      if (!content) throw downloadFailed(url, `it has more than ${limitBytes} bytes`);
      return { url, bytes: content, mediaType };
    }
    throw downloadFailed(requested, `it redirects more than ${MAX_REDIRECTS} times`);
  }

  async #get(url: string, limitBytes: number) {
    try {
      return await this.#downloads.get(url, limitBytes);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw downloadFailed(url, error.message);
    }
  }

  /** The user has not confirmed yet: a module must not cause requests in the user's own network. */
  #checkAddress(address: string): void {
    const url = new URL(address);
    const problem = addressProblem(url);
    if (problem) throw pluginRefused(quote(address), `it ${problem}`);
    if (url.origin === this.#origin?.origin) return;
    if (url.port !== "") {
      throw pluginRefused(quote(address), "a host other than the plugin's must use the default port");
    }
    if (!NOT_PUBLIC.test(url.hostname)) return;
    throw pluginRefused(quote(address), "a host other than the plugin's must have a public name");
  }
}
