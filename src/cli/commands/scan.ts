/**
 * `stoq scan`: one file or standard input, one response.
 *
 * @module
 */

import { type ResolvedOptions, resolveOptions } from "../../config/resolve.ts";
import type { RequestMeta, StoqResponse } from "../../core/contract.ts";
import { scanRequest } from "../../core/engine.ts";
import { printable } from "../../core/printable.ts";
import type { System, Terminal } from "../../core/system.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import { openAhead, type Opened, openEngine } from "../../stoq.ts";
import type { Arguments } from "../arguments.ts";
import { EXIT, refuseToStart } from "../exit.ts";
import { takeOperand } from "../operand.ts";
import { renderResponse } from "../render_response.ts";
import { readRequestExtra } from "../request_extra.ts";
import { readRoot } from "../root_payload.ts";

/** Scans what the command line names and prints the response. */
export async function scan(parameters: Arguments, terminal: Terminal): Promise<number> {
  const system = commandLineSystem();
  const { operands, options } = await resolveWithOperand(system, parameters);
  const problems = [...parameters.problems, ...options.problems];
  if (operands.length > 1) {
    problems.push(`scan takes one FILE, got ${operands.length}: ${operands.join(", ")}`);
  }
  const { values } = options;
  const requestMeta: Partial<RequestMeta> = {
    source: values.requestSource ?? null,
    extraData: readRequestExtra(values.requestExtra ?? [], problems),
  };
  // Loading plugins and reading the file wait for different things.
  const preparing = problems.length > 0 ? undefined : prepare(system, options);
  const [root, opened] = await Promise.all([
    readRoot(system, terminal, operands[0], options.limits, problems),
    preparing,
  ]);
  if (!root || !opened) return await refuseToStart(terminal, problems);

  const { engine, host, log } = opened;
  const response = await scanRequest(engine, { ...root, requestMeta }, {
    startDispatch: values.startDispatch,
    startDeepDispatch: values.startDeepDispatch,
  });
  // Runners end with this process at the latest: the response does not wait for them.
  void host.close();
  log.close();
  const hasConnector = parameters.values.has("connectors") && (values.connectors ?? []).length > 0;
  const unsaved = response.errors.filter(({ role }) => role === "connector");
  for (const { pluginName, error } of unsaved) {
    await terminal.writeErr(`stoq: ${printable(`${pluginName}: ${error}`)}\n`);
  }
  // What a connector could not save is printed rather than lost.
  if (values.format !== undefined || !hasConnector || unsaved.length > 0) {
    const format = values.format ?? (terminal.isOutTerminal ? "text" : "json");
    await terminal.writeOut(await renderResponse(response, format, terminal));
  }
  return exitCode(response, values.failOnError);
}

/** The last word of a list may be the FILE: only the registry knows whether it is a plugin. */
async function resolveWithOperand(
  system: System,
  parameters: Arguments,
): Promise<{ operands: readonly string[]; options: ResolvedOptions }> {
  const taken = await takeOperand(system.files, parameters);
  if (taken) {
    const options = await resolveOptions({ system, flags: taken.values });
    if (!options.registry.get(taken.operand)) return { operands: [taken.operand], options };
  }
  const options = await resolveOptions({ system, flags: parameters.values });
  return { operands: parameters.operands, options };
}

async function prepare(system: System, options: ResolvedOptions): Promise<Opened> {
  const opened = await openEngine(system, options);
  openAhead(opened, options.values.startDispatch);
  return opened;
}

function exitCode(response: StoqResponse, failOnError: boolean): number {
  const isLost = response.errors.some(({ role }) => role === "dest-archiver" || role === "connector");
  return isLost || (failOnError && response.errors.length > 0) ? EXIT.lost : EXIT.done;
}
