/**
 * Finds and reads the files that `worker_rules` and `dispatch_rules` name.
 *
 * @module
 */

import { MAX_RULE_FILES, MAX_RULE_SET_BYTES, type RuleBytes } from "../../src/yara/mod.ts";
import { quote } from "../../src/plugin/define.ts";
import { YaraError } from "./failure.ts";

/** Endings of the files that a folder contributes. */
const RULE_FILE = /\.yara?$/i;

/** Deepest folder below one that an option names. */
const MAX_FOLDER_DEPTH = 32;

/**
 * The files that an option means: files as they are named; of a folder all `*.yar` and `*.yara`, also in folders
 * below, sorted by path. Links to folders are not followed below a named one.
 *
 * @throws {YaraError} `yara-rules-not-found` when a path can't be used
 */
export async function listRuleFiles(option: string, paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const info = stat(path);
    if (typeof info === "string") throw notFound(option, path, info);
    if (!info.isDirectory) {
      files.push(path);
      continue;
    }
    for (const file of await filesIn(option, path)) files.push(file);
  }
  return files;
}

async function filesIn(option: string, folder: string): Promise<string[]> {
  let files: string[];
  try {
    files = await walk(folder.replace(/(?<=.)[/\\]+$/, ""), 0);
  } catch (error) {
    throw notFound(option, folder, reason(error));
  }
  if (files.length === 0) throw notFound(option, folder, "the folder holds no *.yar or *.yara file");
  return files.sort();
}

/**
 * Reads a rule file; what keeps it from being read is a phrase. It does so in one go: awaiting each of a thousand small
 * files takes ten times as long as reading them, and the thread has nothing else to do.
 */
export function readRuleFile(path: string): RuleBytes {
  const info = stat(path);
  if (typeof info === "string") return { failure: info };
  if (!info.isFile) return { failure: "it is no regular file, should be" };
  if (info.size > MAX_RULE_SET_BYTES) {
    return { failure: `it has ${info.size} bytes, the limit of a rule set is ${MAX_RULE_SET_BYTES}` };
  }
  try {
    return { bytes: Deno.readFileSync(path) };
  } catch (error) {
    return { failure: reason(error) };
  }
}

function stat(path: string): Deno.FileInfo | string {
  try {
    return Deno.statSync(path);
  } catch (error) {
    return reason(error);
  }
}

async function walk(folder: string, depth: number): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory && depth < MAX_FOLDER_DEPTH) {
      for (const file of await walk(path, depth + 1)) files.push(file);
    } else if (!entry.isDirectory && RULE_FILE.test(entry.name)) {
      files.push(path);
    }
    // One more than the limit is enough for the collector to say so.
    if (files.length > MAX_RULE_FILES) break;
  }
  return files;
}

function notFound(option: string, path: string, reason: string): YaraError {
  return new YaraError(
    "yara-rules-not-found",
    `Failed to read YARA rules from ${quote(path)} (option "${option}"): ${reason}`,
  );
}

/** What is wrong with a path, in words for people; a bug is thrown on. */
function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "it does not exist";
  if (error instanceof Deno.errors.NotCapable) {
    return "the plugin may not read it, its folder must be named in the option";
  }
  if (error instanceof Deno.errors.PermissionDenied) return "the system refuses to read it";
  if (!(error instanceof Error) || !("code" in error)) throw error;
  return `the system refuses to read it (${error.code})`;
}
