/**
 * `stoq test`: checks an installation.
 *
 * @module
 */

import type { ResolvedOptions } from "../../config/resolve.ts";
import { printable } from "../../core/contract/printable.ts";
import type { System, Terminal } from "../../core/ports/system.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import type { RegisteredPlugin } from "../../plugin/registry.ts";
import type { Arguments } from "../arguments.ts";
import { readCommandLine } from "../command_line.ts";
import { EXIT, refuseToStart } from "../exit.ts";
import { hasPassed } from "../cases/test_report.ts";
import { testInstallation } from "../cases/installation.ts";
import { renderReport, serializeReport } from "../cases/render_report.ts";

/** Tests all plugins, or those that the command line names. */
export async function test(parameters: Arguments, terminal: Terminal): Promise<number> {
  const system = commandLineSystem();
  const { files } = system;
  const line = await readCommandLine(system, parameters, {
    foldersOf: (words) => words.filter((word) => files.hasSeparator(word)).map((word) => files.resolve(word)),
  });
  const { flags, paths, options } = line;
  const problems = [...line.problems];
  const names: string[] = [];
  for (const { word } of paths) names.push(await nameOf(system, options, word, problems));
  const updating = new Set(names.filter((name) => isOwnFolder(options.registry.get(name))));
  const { update, format } = options.values;
  if (update && (updating.size === 0 || updating.size < names.length)) {
    problems.push("--update needs folders of plugins, as in: stoq test ./my_plugin --update");
  }
  if (problems.length > 0) return await refuseToStart(terminal, problems);

  for (const note of options.registry.notes) {
    if (!options.registry.broken.includes(note)) await terminal.writeErr(`stoq: ${note}\n`);
  }
  const report = await testInstallation({
    system,
    options,
    plugins: paths.length > 0 ? [...new Set(names)] : undefined,
    updating: update ? updating : new Set(),
    isLogging: flags.has("logLevel"),
  });
  const { columns, hasColor: isColor } = terminal;
  const text = format === "json" || format === "jsonl"
    ? serializeReport(report, format === "jsonl")
    : renderReport(report, { isColor, columns });
  await terminal.writeResults([new TextEncoder().encode(text)]);
  return hasPassed(report) ? EXIT.done : EXIT.lost;
}

/** Returns whether a plugin's files may be written; the files of an installed plugin are pinned. */
function isOwnFolder(plugin: RegisteredPlugin | undefined): boolean {
  return plugin?.folder !== undefined && plugin.locked === undefined;
}

/** Returns the name of the plugin that a word names, or whose folder it is. A problem is added where there is none. */
async function nameOf(
  { files }: System,
  { registry }: ResolvedOptions,
  word: string,
  problems: string[],
): Promise<string> {
  if (registry.get(word)) return word;
  const folder = files.resolve(word);
  const found = registry.names().find((name) => registry.get(name)?.folder === folder);
  if (found !== undefined) return found;
  const shown = `"${printable(word)}"`;
  const broken = registry.brokenReason(folder);
  if (broken) problems.push(`Plugin ${shown} can't be tested: ${broken}`);
  else if (files.hasSeparator(word)) {
    problems.push(`Plugin ${shown} can't be tested: another plugin of its name replaces it`);
  } else {
    const isFolder = await files.kindOf(word) === "directory";
    const meant = isFolder ? `./${printable(word)}` : registry.nearest(word);
    problems.push(`No plugin ${shown} is installed${meant ? `, did you mean "${meant}"?` : ""}`);
  }
  return word;
}
