/**
 * `stoq scan`: scans files, folders or standard input.
 *
 * @module
 */

import type { ResolvedOptions } from "../../config/resolve.ts";
import { hasPrintingConnector, outputPathsOf, scanPlugins } from "../../config/run_plan.ts";
import type { StoqResponse } from "../../core/contract/contract.ts";
import type { ScanInput } from "../../core/scan/scan.ts";
import { lossesOf } from "../../core/contract/keeping.ts";
import type { System, Terminal } from "../../core/ports/system.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import type { Session } from "../../session.ts";
import type { Arguments } from "../arguments.ts";
import { type PathWord, readCommandLine } from "../command_line.ts";
import { EXIT, refuseToStart } from "../exit.ts";
import { FailOn } from "../fail_on.ts";
import { noteKept } from "../kept_note.ts";
import { openLoaded, openSession } from "../open_session.ts";
import { requestMetaOf } from "../request_meta.ts";
import { countedErrors, errorLines } from "../response_errors.ts";
import { renderResponse, summaryKeysOf } from "../response_output.ts";
import { readRoot, rootSource } from "../root_payload.ts";
import { scanMany } from "../scan_many.ts";
import { findTargets } from "../scan_targets.ts";
import { noteUntried, readUserPasswords } from "../user_passwords.ts";

/** Scans what the command line names and prints the response. */
export async function scan(parameters: Arguments, terminal: Terminal): Promise<number> {
  const system = commandLineSystem();
  const line = await readCommandLine(system, parameters, { scansPaths: true });
  const { flags, paths, options, options: { values } } = line;
  const problems = [...line.problems];
  const requestMeta = requestMetaOf(values, problems);
  const passwords = await readUserPasswords(system.files, values, problems);
  const isSaved = flags.has("connectors") && (values.connectors ?? []).length > 0;
  if (problems.length > 0 && paths.length > 1) return await refuseToStart(terminal, problems);
  const targets = await findTargets(system, paths, outputPathsOf(options, system.files));
  if (targets.isMany) {
    const known = [...problems, ...targets.problems];
    const session = await openSession({ system, options, names: scanPlugins(options) }, terminal, known);
    if (session === undefined) return EXIT.usage;
    await noteUntried(terminal, passwords);
    await noteKept(terminal, options);
    if (hasPrintingConnector(options)) await terminal.endTornLine();
    const setup = { system, terminal, options, session, targets, requestMeta, passwords, isSaved };
    const exitCode = await scanMany(setup);
    void session.close();
    return exitCode;
  }
  const prepared = await prepare(system, terminal, options, paths, problems);
  if (typeof prepared === "number") return prepared;

  const { root, session } = prepared;
  if (hasPrintingConnector(options)) await terminal.endTornLine();
  await noteUntried(terminal, passwords);
  const { startDispatch, startDeepDispatch } = values;
  const response = await session.scan({ ...root, requestMeta }, {
    startDispatch,
    startDeepDispatch,
    passwords,
  });
  // Runners end with this process at the latest: the response does not wait for them.
  void session.close();
  const isUnsaved = lossesOf(response).some(({ role }) => role === "connector");
  await noteKept(terminal, options);
  const exitCode = await reportLosses(response, values, terminal);
  // A response that a connector could not save is printed, so that it is not lost.
  if (values.format !== undefined || !isSaved || isUnsaved) {
    const format = values.format ?? (terminal.isOutTerminal ? "text" : "json");
    await terminal.writeResults(
      await renderResponse(response, format, terminal, summaryKeysOf(options.registry)),
    );
  }
  return exitCode;
}

/** Reads the payload and loads the plugins at the same time. Returns an exit code where that fails; the problems are reported. */
async function prepare(
  system: System,
  terminal: Terminal,
  options: ResolvedOptions,
  paths: readonly PathWord[],
  problems: readonly string[],
): Promise<{ root: ScanInput; session: Session } | number> {
  const source = await rootSource(system, paths[0]);
  // A problem of the file is reported as well, if it is clear which file is meant.
  const isFile = source.kind === "file" && paths.length === 1;
  // Waiting for content that can't be scanned would only delay the report of the known problems.
  if (problems.length > 0 && !isFile) return await refuseToStart(terminal, problems);
  const reading = readRoot(system, terminal, source, options.limits);
  const setup = { system, options, names: scanPlugins(options) };
  const { session, problems: known } = await openLoaded(setup, problems);
  const refuse = async (problems: readonly string[]) => {
    await session?.close();
    return await refuseToStart(terminal, problems);
  };
  if (known.length > 0 && !isFile) return await refuse(known);
  const root = await reading;
  if (root.problem === undefined) {
    return session && known.length === 0 ? { root: root.input, session } : await refuse(known);
  }
  const code = await refuse([...known, withHint(root.problem, paths[0])]);
  return known.length === 0 ? root.exitCode : code;
}

function withHint(problem: string, path: PathWord | undefined): string {
  return path?.hint === undefined ? problem : `${problem}; ${path.hint}`;
}

/** Writes what was lost and why, and what the flags of failing met. Returns the exit code of that. */
async function reportLosses(
  response: StoqResponse,
  values: ResolvedOptions["values"],
  terminal: Terminal,
): Promise<number> {
  const losses = lossesOf(response);
  const errors = values.failOnError ? countedErrors(response).filter((error) => !losses.includes(error)) : [];
  const failOn = new FailOn(values);
  failOn.add(response);
  const met = failOn.lines();
  const lines = [
    ...errorLines(losses),
    ...errorLines(errors).map((line) => `${line} (--fail-on-error)`),
    ...met,
  ];
  if (lines.length > 0) await terminal.writeErr(lines.map((line) => `stoq: ${line}\n`).join(""));
  if (losses.length + errors.length > 0) return EXIT.lost;
  return met.length > 0 ? EXIT.found : EXIT.done;
}
