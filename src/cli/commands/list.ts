/**
 * `stoq list`: the plugins that are installed.
 *
 * @module
 */

import { resolveOptions } from "../../config/resolve.ts";
import { firstProblems } from "../../core/errors.ts";
import { printable } from "../../core/printable.ts";
import type { Terminal } from "../../core/system.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import type { RegisteredPlugin, Registry } from "../../plugin/registry.ts";
import { STOQ_VERSION } from "../../version.ts";
import type { Arguments } from "../arguments.ts";
import { EXIT, refuseToStart } from "../exit.ts";

/** Prints the plugins, as a table or as JSON. */
export async function list(parameters: Arguments, terminal: Terminal): Promise<number> {
  const problems = [...parameters.problems];
  if (parameters.operands.length > 0) {
    problems.push(`list takes no operand, got "${printable(parameters.operands[0]!)}"`);
  }
  if (problems.length > 0) return await refuseToStart(terminal, problems);

  const options = await resolveOptions({ system: commandLineSystem(), flags: parameters.values });
  const { registry } = options;
  for (const text of [...firstProblems(options.problems), ...registry.notes]) {
    await terminal.writeErr(`stoq: ${text}\n`);
  }
  await terminal.writeOut(
    options.values.json ? renderJson(registry) : renderTable(registry),
  );
  return options.problems.length > 0 ? EXIT.usage : EXIT.done;
}

function plugins(registry: Registry): RegisteredPlugin[] {
  return registry.names().map((name) => registry.get(name)!);
}

function renderJson(registry: Registry): string {
  const records = plugins(registry).map(({ manifest, folder }) => ({ ...manifest, folder: folder ?? null }));
  return `${JSON.stringify(records, null, 4)}\n`;
}

/** Two lines each, as stoQ has them: what it is called and does, and what it can be. */
function renderTable(registry: Registry): string {
  const manifests = plugins(registry).map(({ manifest }) => manifest);
  const nameWidth = Math.max(...manifests.map(({ name }) => name.length));
  const versionWidth = Math.max(...manifests.map(({ version }) => version.length));
  const lines = manifests.flatMap(({ name, version, description, roles }) => {
    const left = `${name.padEnd(nameWidth)}  ${version.padEnd(versionWidth)}  `;
    return [left + description, " ".repeat(left.length) + roles.join(", ")];
  });
  const banner = `stoQ ${STOQ_VERSION}, ${manifests.length} plugins`;
  return [banner, "", ...lines].map((line) => `${printable(line)}\n`).join("");
}
