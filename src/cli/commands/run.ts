/**
 * `stoq run`: scans what providers deliver until they end.
 *
 * @module
 */

import type { ResolvedOptions } from "../../config/resolve.ts";
import { hasPrintingConnector, planRun, scanPlugins } from "../../config/run_plan.ts";
import { printable } from "../../core/contract/printable.ts";
import type { RunSetup, RunSummary } from "../../core/run/run.ts";
import type { System, Terminal } from "../../core/ports/system.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import type { Session } from "../../session.ts";
import type { Arguments } from "../arguments.ts";
import { type PathWord, readCommandLine } from "../command_line.ts";
import { EXIT } from "../exit.ts";
import { FailOn } from "../fail_on.ts";
import { noteKept } from "../kept_note.ts";
import { openSession } from "../open_session.ts";
import { Progress } from "../progress.ts";
import { counted } from "../report/quantities.ts";
import { requestMetaOf } from "../request_meta.ts";
import { countedErrors } from "../response_errors.ts";
import { ResponseOutput, summaryKeysOf } from "../response_output.ts";
import { noteUntried, readUserPasswords } from "../user_passwords.ts";

/** A run that can start. */
interface PreparedRun {
  readonly options: ResolvedOptions;
  readonly session: Session;
  readonly setup: RunSetup;
}

/** Runs until every provider has ended, or until it is interrupted. */
export async function run(parameters: Arguments, terminal: Terminal): Promise<number> {
  const system = commandLineSystem();
  const prepared = await prepare(system, parameters, terminal);
  if (!prepared) return EXIT.usage;
  const { options, options: { values }, session, setup } = prepared;
  const isPrinting = values.format !== undefined;
  if (!isPrinting && !setup.keepsResponses && (values.destArchivers ?? []).length === 0) {
    await terminal.writeErr(`stoq: ${UNKEPT_NOTE}\n`);
  }
  if (hasPrintingConnector(options)) await terminal.endTornLine();
  await noteKept(terminal, options);
  await noteUntried(terminal, setup.passwords ?? []);
  const progress = new Progress(terminal, system.clock);
  const interruption = new Interruption(terminal);
  const output = values.format === undefined ? undefined : new ResponseOutput(
    terminal,
    values.format,
    summaryKeysOf(options.registry),
    () => interruption.interrupt(),
  );
  let errors = 0;
  const failOn = new FailOn(values);
  const summary = await session.run({
    ...setup,
    stop: interruption.stop,
    abort: interruption.abort,
    onEvent(event) {
      progress.take(event);
      if (event.kind !== "scanned") return;
      errors += countedErrors(event.response).length;
      failOn.add(event.response);
    },
    save: output && ((response) => output.print(response)),
  });
  interruption.close();
  await session.close();
  const isFailing = values.failOnError && errors > 0;
  if (isFailing) {
    await terminal.writeErr(`stoq: Responses hold ${counted(errors, "error")} (--fail-on-error)\n`);
  }
  const met = failOn.lines();
  if (met.length > 0) await terminal.writeErr(met.map((line) => `stoq: ${line}\n`).join(""));
  await progress.finish(summary);
  if (output?.failure) return EXIT.lost;
  if (interruption.stop.aborted) return EXIT.interrupted;
  if (isLost(summary, progress) || isFailing) return EXIT.lost;
  return met.length > 0 ? EXIT.found : EXIT.done;
}

/** Reads the command line and loads the plugins. Returns `undefined` if there are problems, which are then reported. */
async function prepare(
  system: System,
  parameters: Arguments,
  terminal: Terminal,
): Promise<PreparedRun | undefined> {
  const line = await readCommandLine(system, parameters, { scansPaths: true });
  const { paths, options, options: { values } } = line;
  const problems = [...line.problems];
  if (paths[0] && parameters.problems.length === 0) problems.push(noPaths(paths[0]));
  const keeps = await system.keepsOutput();
  const plan = planRun(system, options, { keeps, isSaved: values.format !== undefined && keeps });
  if (plan.setup.providers.length === 0) {
    problems.push("run needs a provider: name one with -P, or as providers in stoq.cfg");
  }
  problems.push(...plan.problems.map(({ message }) => message));
  const requestMeta = requestMetaOf(values, problems);
  const passwords = await readUserPasswords(system.files, values, problems);
  // All plugins are loaded before the first delivery, so that the run does not fail halfway.
  const names = [...scanPlugins(options), ...values.sourceArchivers ?? []];
  const session = await openSession(
    { system, options, names, providers: values.providers },
    terminal,
    problems,
  );
  if (!session) return undefined;
  const { startDispatch, startDeepDispatch } = values;
  return {
    options,
    session,
    setup: { ...plan.setup, requestMeta, passwords, startDispatch, startDeepDispatch },
  };
}

const UNKEPT_NOTE =
  "Results are not kept: name a connector (-C filedir) or a destination archiver (-A filedir), or print them " +
  "(--format jsonl)";

function noPaths({ word, hint }: PathWord): string {
  const problem = `run takes no PATH, got "${printable(word)}"`;
  return hint === undefined ? problem : `${problem}; ${hint}`;
}

/** Returns whether something was lost. A failed delivery that was repeated and kept has lost nothing. */
function isLost({ failed }: RunSummary, { failures }: Progress): boolean {
  return failed > 0 || failures.hasOwnLosses;
}

/** Stops the run at the first signal, and aborts it at the second one. */
class Interruption {
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  readonly close: () => void;

  constructor(terminal: Terminal) {
    this.close = terminal.onInterrupt(() => this.interrupt());
  }

  interrupt(): void {
    if (this.#stop.signal.aborted) this.#abort.abort();
    else this.#stop.abort();
  }

  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  get abort(): AbortSignal {
    return this.#abort.signal;
  }
}
