/**
 * `stoq list`: the plugins that are installed.
 *
 * @module
 */

import { resolveOptions } from "../../config/resolve.ts";
import { printable } from "../../core/printable.ts";
import type { Terminal } from "../../core/system.ts";
import { DenoSystem } from "../../host/deno_system.ts";
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

  const options = await resolveOptions({ system: new DenoSystem(), flags: parameters.values });
  const { registry } = options;
  for (const text of [...options.problems, ...registry.notes]) await terminal.writeErr(`stoq: ${text}\n`);
  await terminal.writeOut(
    options.values.json ? renderJson(registry) : renderTable(registry, terminal.columns),
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

function renderTable(registry: Registry, columns: number): string {
  const rows = plugins(registry).map(({ manifest }) => ({
    name: manifest.name,
    version: manifest.version,
    roles: manifest.roles.join(", "),
    description: manifest.description,
  }));
  const width = (column: "name" | "version" | "roles") => Math.max(...rows.map((row) => row[column].length));
  const [name, version, roles] = [width("name"), width("version"), width("roles")];
  const lines = rows.map((row) => {
    const left = `${row.name.padEnd(name)}  ${row.version.padEnd(version)}  ${row.roles.padEnd(roles)}  `;
    const rest = Math.max(20, columns - left.length);
    const { description } = row;
    return left + (description.length > rest ? `${description.slice(0, rest - 1)}…` : description);
  });
  return `stoQ ${STOQ_VERSION}, ${rows.length} plugins\n\n${
    lines.map((line) => `${printable(line)}\n`).join("")
  }`;
}
