/**
 * `stoq uninstall`: removes plugins that `stoq install` has stored.
 *
 * @module
 */

import { printable } from "../../core/contract/printable.ts";
import type { Terminal } from "../../core/ports/system.ts";
import { DenoStorage } from "../../host/deno_storage.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import type { Arguments } from "../arguments.ts";
import { readCommandLine } from "../command_line.ts";
import { EXIT, refuseToStart } from "../exit.ts";
import { reportFailure } from "../installing/failure.ts";
import { removePlugin } from "../installing/store.ts";

/** Removes the plugins that the command line names. Stops at the first one that can't be removed. */
export async function uninstall(parameters: Arguments, terminal: Terminal): Promise<number> {
  const system = commandLineSystem();
  const line = await readCommandLine(system, parameters, { ignoresPlugins: true });
  const { paths, options: { stoqHome } } = line;
  const problems = [...line.problems];
  if (paths.length === 0) problems.push("uninstall needs the NAME of a plugin");
  if (problems.length > 0) return await refuseToStart(terminal, problems);
  const deps = { files: system.files, storage: new DenoStorage(), stoqHome };
  try {
    for (const { word: name } of paths) {
      const { version } = await removePlugin(deps, name);
      await terminal.writeOut(printable(`Removed ${name} ${version}`) + "\n");
    }
    return EXIT.done;
  } catch (error) {
    return await reportFailure(terminal, error);
  }
}
