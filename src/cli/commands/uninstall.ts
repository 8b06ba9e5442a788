/**
 * `stoq uninstall`: removes plugins that `stoq install` has stored.
 *
 * @module
 */

import { resolveOptions } from "../../config/resolve.ts";
import { printable } from "../../core/printable.ts";
import type { Terminal } from "../../core/system.ts";
import { DenoStorage } from "../../host/deno_storage.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import type { Arguments } from "../arguments.ts";
import { EXIT, refuseToStart } from "../exit.ts";
import { tellFailure } from "../installing/failure.ts";
import { removePlugin } from "../installing/store.ts";

/** Removes the plugins that the command line names, up to the first that can't be. */
export async function uninstall(parameters: Arguments, terminal: Terminal): Promise<number> {
  const { operands, values: flags } = parameters;
  const system = commandLineSystem();
  const options = await resolveOptions({ system, flags, ignoresPlugins: true });
  const { stoqHome } = options;
  const problems = [...parameters.problems, ...options.problems];
  if (operands.length === 0) problems.push("uninstall needs the NAME of a plugin");
  if (problems.length > 0) return await refuseToStart(terminal, problems);
  const world = { files: system.files, storage: new DenoStorage(), stoqHome };
  try {
    for (const name of operands) {
      const { version } = await removePlugin(world, name);
      await terminal.writeOut(printable(`Removed ${name} ${version}`) + "\n");
    }
    return EXIT.done;
  } catch (error) {
    return await tellFailure(terminal, error);
  }
}
