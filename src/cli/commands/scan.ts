/**
 * `stoq scan`: one file or standard input, one response.
 *
 * @module
 */

import type { ResolvedOptions } from "../../config/resolve.ts";
import { hasPrintingConnector, scanPlugins } from "../../config/run_plan.ts";
import type { RequestMeta, StoqResponse } from "../../core/contract/contract.ts";
import { scanRequest } from "../../core/scan/scan.ts";
import { lossesOf } from "../../core/contract/keeping.ts";
import { printable } from "../../core/contract/printable.ts";
import type { System, Terminal } from "../../core/ports/system.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import { type Opened, openEngine, openSelected } from "../../stoq.ts";
import type { Arguments } from "../arguments.ts";
import { type PathWord, readCommandLine } from "../command_line.ts";
import { EXIT, refuseToStart } from "../exit.ts";
import { noteKept } from "../kept_note.ts";
import { renderResponse } from "../render_response.ts";
import { readRequestExtra } from "../request_extra.ts";
import { countedErrors, errorLines } from "../response_errors.ts";
import { readRoot, type RootReading, rootSource } from "../root_payload.ts";

/** Scans what the command line names and prints the response. */
export async function scan(parameters: Arguments, terminal: Terminal): Promise<number> {
  const system = commandLineSystem();
  const { flags, paths, options, problems: lineProblems } = await readCommandLine(system, parameters, {
    scansPaths: true,
  });
  const problems = [...lineProblems];
  if (paths.length > 1 && parameters.problems.length === 0) problems.push(tooManyPaths(paths));
  const { values } = options;
  const requestMeta: Partial<RequestMeta> = {
    source: values.requestSource ?? null,
    extraData: readRequestExtra(values.requestExtra ?? [], problems),
  };
  const prepared = await prepare(system, terminal, options, paths, problems);
  if (typeof prepared === "number") return prepared;

  const { root, opened: { engine, host, log } } = prepared;
  if (hasPrintingConnector(options)) await terminal.endTornLine();
  const response = await scanRequest(engine, { ...root, requestMeta }, {
    startDispatch: values.startDispatch,
    startDeepDispatch: values.startDeepDispatch,
  });
  // Runners end with this process at the latest: the response does not wait for them.
  void host.close();
  log.close();
  const hasConnector = flags.has("connectors") && (values.connectors ?? []).length > 0;
  const isUnsaved = lossesOf(response).some(({ role }) => role === "connector");
  await noteKept(terminal, options);
  const exitCode = await reportLosses(response, values.failOnError, terminal);
  // What a connector could not save is printed rather than lost.
  if (values.format !== undefined || !hasConnector || isUnsaved) {
    const format = values.format ?? (terminal.isOutTerminal ? "text" : "json");
    await terminal.writeResults(await renderResponse(response, format, terminal));
  }
  return exitCode;
}

function tooManyPaths(paths: readonly PathWord[]): string {
  const shown = paths.slice(0, 3).map(({ word }) => `"${printable(word)}"`).join(", ");
  const more = paths.length > 3 ? ", …" : "";
  return `scan takes one PATH, got ${paths.length}: ${shown}${more}; to scan the files of a folder: ` +
    "stoq run -P filedir --plugin-opts filedir:source_dir=FOLDER";
}

/** Reads the payload and opens the plugins at the same time. Returns an exit code where one of them fails, which was reported. */
async function prepare(
  system: System,
  terminal: Terminal,
  options: ResolvedOptions,
  paths: readonly PathWord[],
  problems: readonly string[],
): Promise<{ root: Extract<RootReading, { input: unknown }>["input"]; opened: Opened } | number> {
  const source = await rootSource(system, paths[0]);
  // What is wrong with the file is said as well, if it is clear which one is meant.
  const isFile = source.kind === "file" && paths.length === 1;
  // Waiting for content that can't be scanned would only hide the problems that are known already.
  if (problems.length > 0 && !isFile) return await refuseToStart(terminal, problems);
  const reading = readRoot(system, terminal, source, options.limits);
  const opened = problems.length > 0 ? undefined : await openEngine(system, options);
  const loadProblems = opened ? await openSelected(opened, scanPlugins(options)) : [];
  const known = [...problems, ...loadProblems];
  if (known.length > 0 && !isFile) return await refuseOpened(terminal, known, opened);
  const root = await reading;
  if (root.problem === undefined && opened && known.length === 0) return { root: root.input, opened };
  const rootProblem = root.problem === undefined ? [] : [withHint(root.problem, paths[0])];
  const code = await refuseOpened(terminal, [...known, ...rootProblem], opened);
  return known.length === 0 && root.problem !== undefined ? root.exitCode : code;
}

async function refuseOpened(
  terminal: Terminal,
  problems: readonly string[],
  opened: Opened | undefined,
): Promise<number> {
  await opened?.close();
  return await refuseToStart(terminal, problems);
}

function withHint(problem: string, path: PathWord | undefined): string {
  return path?.hint === undefined ? problem : `${problem}; ${path.hint}`;
}

/** Says what was lost and why, and returns the exit code of that. */
async function reportLosses(
  response: StoqResponse,
  failOnError: boolean,
  terminal: Terminal,
): Promise<number> {
  const losses = lossesOf(response);
  const errors = failOnError ? countedErrors(response).filter((error) => !losses.includes(error)) : [];
  if (losses.length + errors.length === 0) return EXIT.done;
  const lines = [...errorLines(losses), ...errorLines(errors).map((line) => `${line} (--fail-on-error)`)];
  await terminal.writeErr(lines.map((line) => `stoq: ${line}\n`).join(""));
  return EXIT.lost;
}
