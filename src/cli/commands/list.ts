/**
 * `stoq list`: lists the installed plugins.
 *
 * @module
 */

import type { ResolvedOptions } from "../../config/resolve.ts";
import { firstProblems } from "../../core/contract/errors.ts";
import { printable } from "../../core/contract/printable.ts";
import type { System, Terminal } from "../../core/ports/system.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import type { RegisteredPlugin, Registry } from "../../plugin/registry.ts";
import type { Isolation } from "../../sandbox/placement.ts";
import { isGrantedHere } from "../../sandbox/own_permissions.ts";
import { STOQ_VERSION } from "../../version.ts";
import type { Arguments } from "../arguments.ts";
import { readCommandLine } from "../command_line.ts";
import { EXIT, refuseToStart } from "../exit.ts";

/** Prints the plugins, as a table or as JSON. */
export async function list(parameters: Arguments, terminal: Terminal): Promise<number> {
  const system = commandLineSystem();
  const { paths, options, problems } = await readCommandLine(system, parameters);
  const { registry } = options;
  const wrong = problems.filter((problem) => !options.problems.includes(problem));
  if (paths[0]) wrong.push(`list takes no PATH, got "${printable(paths[0].word)}"`);
  if (wrong.length > 0) return await refuseToStart(terminal, wrong);

  const notes = registry.notes.filter((note) => !options.problems.some((problem) => problem.includes(note)));
  for (const text of [...firstProblems(options.problems), ...notes]) {
    await terminal.writeErr(`stoq: ${text}\n`);
  }
  await terminal.writeOut(await render(system, options));
  return options.problems.length > 0 ? EXIT.usage : EXIT.done;
}

async function render(system: System, options: ResolvedOptions): Promise<string> {
  const { values, registry } = options;
  if (!values.permissions) return values.json ? renderJson(registry) : renderTable(registry);
  // A plain list does not need the modules that decide on permissions.
  const [{ permissionsOf, renderPermissions }, { chooseIsolation }] = await Promise.all([
    import("../report/permission_table.ts"),
    import("../../sandbox/isolation.ts"),
  ]);
  const isolation = await chooseIsolation(
    values.isolation as Isolation | undefined,
    system,
    values.runnerPath,
  );
  const records = permissionsOf(plugins(registry), {
    isolation,
    rulesOf: options.sandboxRulesOf,
    optionsOf: options.pluginOptionsOf,
    resolvePath: (path) => system.files.resolve(path),
    stoqHome: options.stoqHome,
    isGranted: isGrantedHere,
  });
  return values.json ? `${JSON.stringify(records, null, 4)}\n` : renderPermissions(records, isolation);
}

function plugins(registry: Registry): RegisteredPlugin[] {
  return registry.names().map((name) => registry.get(name)!);
}

function renderJson(registry: Registry): string {
  const records = plugins(registry).map(({ manifest, folder, locked }) => ({
    ...manifest,
    folder: folder ?? null,
    reference: locked?.reference ?? null,
  }));
  return `${JSON.stringify(records, null, 4)}\n`;
}

/** Two lines for each plugin, as in the original stoQ: name and description, then roles. */
function renderTable(registry: Registry): string {
  const known = plugins(registry);
  const manifests = known.map(({ manifest }) => manifest);
  const nameWidth = Math.max(...manifests.map(({ name }) => name.length));
  const versionWidth = Math.max(...manifests.map(({ version }) => version.length));
  const lines = known.flatMap(({ manifest: { name, version, description, roles }, locked }) => {
    const left = `${name.padEnd(nameWidth)}  ${version.padEnd(versionWidth)}  `;
    const details = [roles.join(", "), ...(locked ? [`installed from ${locked.reference}`] : [])];
    return [left + description, ...details.map((detail) => " ".repeat(left.length) + detail)];
  });
  const banner = `stoQ ${STOQ_VERSION}, ${manifests.length} plugins`;
  return [banner, "", ...lines].map((line) => `${printable(line)}\n`).join("");
}
