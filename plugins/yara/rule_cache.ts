/**
 * Compiled rule sets on the disk, shared by all runners of a user.
 *
 * Only the user may use the folder, because its files decide what is found. A file is written under another name and then
 * renamed, so that no reader sees half of it.
 *
 * @module
 */

import type { Logger } from "../../src/plugin/define.ts";
import { sealSections, unsealSections } from "../../src/yara/mod.ts";
import type { CompiledRuleStore } from "./compiled_rules.ts";

/** Most rule sets that are kept; the oldest are removed. */
export const MAX_CACHED_RULE_SETS = 16;
/** Largest file that is read. */
export const MAX_CACHED_FILE_BYTES = 512_000_000;

const ENDING = ".rules";
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
const OTHERS = 0o077;

/** A folder of compiled rule sets. Its failures are logged and cost time, never a result. */
export class RuleCache implements CompiledRuleStore {
  constructor(readonly folder: string, readonly log: Logger) {}

  async read(key: string): Promise<readonly Uint8Array[] | undefined> {
    const file = await this.#readFile(key);
    if (!file) return undefined;
    const unsealed = await unsealSections(file);
    if ("sections" in unsealed) return unsealed.sections;
    this.log.warn(`Compile YARA rules again, the cache is damaged: ${unsealed.damage}`);
    return undefined;
  }

  async #readFile(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const path = this.#path(key);
    try {
      const refusal = await refusalOf(this.folder);
      if (refusal !== undefined) {
        this.log.warn(`Cannot use the cache of YARA rules "${this.folder}": ${refusal}`);
        return undefined;
      }
      const { size, isFile } = await Deno.lstat(path);
      return isFile && size <= MAX_CACHED_FILE_BYTES ? Deno.readFileSync(path) : undefined;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) this.#logFailure("read", path, error);
      return undefined;
    }
  }

  async write(key: string, sections: readonly Uint8Array[]): Promise<void> {
    const parts = await sealSections(sections);
    const path = this.#path(key);
    try {
      await Deno.mkdir(this.folder, { recursive: true, mode: PRIVATE_FOLDER });
      if (await refusalOf(this.folder) !== undefined) return;
      await replaceFile(path, parts);
      await this.#dropOldest();
    } catch (error) {
      this.#logFailure("write", path, error);
    }
  }

  #path(key: string): string {
    return `${this.folder}/${key}${ENDING}`;
  }

  async #dropOldest(): Promise<void> {
    const files: { readonly path: string; readonly writtenMs: number }[] = [];
    for await (const { name } of Deno.readDir(this.folder)) {
      if (!name.endsWith(ENDING) && !name.endsWith(".partial")) continue;
      const path = `${this.folder}/${name}`;
      const writtenMs = await Deno.lstat(path).then(({ mtime }) => mtime?.getTime() ?? 0, ignoreMissing);
      if (writtenMs !== undefined) files.push({ path, writtenMs });
    }
    files.sort((a, b) => b.writtenMs - a.writtenMs);
    // Another runner may be quicker.
    for (const { path } of files.slice(MAX_CACHED_RULE_SETS)) await Deno.remove(path).catch(ignoreMissing);
  }

  #logFailure(verb: string, path: string, error: unknown): void {
    if (!(error instanceof Error)) throw error;
    this.log.warn(`Cannot ${verb} the cache of YARA rules "${path}": ${error.message}`);
  }
}

async function replaceFile(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const partial = `${path}.${crypto.randomUUID()}.partial`;
  try {
    const content = ReadableStream.from(parts);
    await Deno.writeFile(partial, content, { createNew: true, mode: PRIVATE_FILE });
    await Deno.rename(partial, path);
  } catch (error) {
    await Deno.remove(partial).catch(ignoreMissing);
    throw error;
  }
}

/** The reason why a folder can't be trusted, or `undefined`. */
async function refusalOf(folder: string): Promise<string | undefined> {
  const { mode, isDirectory, isSymlink } = await Deno.lstat(folder);
  if (!isDirectory) return `it is a ${isSymlink ? "link" : "file"}, should be a folder`;
  // Windows has no mode; there the user's profile is private by its access list.
  if (mode === null || (mode & OTHERS) === 0) return undefined;
  return "others may use it, should be the user's alone: chmod 700 it";
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
  return undefined;
}
