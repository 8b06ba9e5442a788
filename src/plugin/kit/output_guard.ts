/**
 * Keeps a provider of files from delivering what the run itself writes.
 *
 * @module
 */

import type { Logger } from "../../core/contract/contract.ts";
import { PluginError } from "../../core/contract/plugin_error.ts";
import { entryPath, relativeTo, splitPath } from "./path.ts";
import { quote } from "./printable.ts";
import { isSystemError } from "./system_error.ts";

/** The files and folders to which a run writes. All comparisons are of real paths, name by name. */
export class OutputGuard {
  readonly #paths: readonly string[];
  readonly #log: Pick<Logger, "info">;
  readonly #reported = new Set<string>();
  #realPaths: readonly string[];

  /** Takes absolute paths, such as `context.outputPaths`; they need not exist. */
  constructor(paths: readonly string[], log: Pick<Logger, "info">) {
    this.#paths = [...new Set(paths)];
    this.#log = log;
    this.#realPaths = this.#paths.map(realPathOf);
  }

  /** Resolves the links in the paths again: they may have been made or replaced since. */
  refresh(): void {
    this.#realPaths = this.#paths.map(realPathOf);
  }

  /** Says whether a real path is that of an output or below one; the first time for each output it is logged. */
  excludes(realPath: string): boolean {
    const output = this.#outputAbove(realPath);
    if (output === undefined) return false;
    if (!this.#reported.has(output)) {
      this.#reported.add(output);
      this.#log.info(`leave out ${quote(output)}: this run writes there`);
    }
    return true;
  }

  /**
   * Checks that a source is not itself inside an output, where nothing could be delivered.
   *
   * @param source as the user wrote it, for the message
   * @throws {PluginError} `source-in-output`
   */
  checkSource(source: string, realSource: string): void {
    const output = this.#outputAbove(realSource);
    if (output === undefined) return;
    throw new PluginError(
      "source-in-output",
      `source_dir must not be in a folder to which this run writes, got ${quote(source)} in ${quote(output)}`,
    );
  }

  #outputAbove(realPath: string): string | undefined {
    return this.#paths[this.#realPaths.findIndex((output) => relativeTo(output, realPath) !== undefined)];
  }
}

/** Resolves links in the part of a path that exists. */
function realPathOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    // A plugin in a runner may not read the outputs of others; their paths stay as they were given.
    if (error instanceof Deno.errors.NotCapable) return path;
    if (!isSystemError(error)) throw error;
    const { folder, name } = splitPath(path);
    return name === "" || folder === "" ? path : entryPath(realPathOf(folder), name);
  }
}
