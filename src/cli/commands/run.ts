/**
 * `stoq run`: scans what providers deliver until they end.
 *
 * @module
 */

import type { ResolvedOptions } from "../../config/resolve.ts";
import type { StoqResponse } from "../../core/contract.ts";
import { runProviders, type RunSetup, type RunSummary } from "../../core/run.ts";
import { printable } from "../../core/printable.ts";
import type { Terminal } from "../../core/system.ts";
import { commandLineSystem } from "../../host/deno_system.ts";
import { openEngine, openSelected, planRun } from "../../stoq.ts";
import type { Arguments } from "../arguments.ts";
import { type PathWord, readCommandLine } from "../command_line.ts";
import { EXIT, refuseToStart } from "../exit.ts";
import { Progress } from "../progress.ts";
import { renderResponse } from "../render_response.ts";
import { readRequestExtra } from "../request_extra.ts";
import { countedErrors } from "../response_errors.ts";

/** Runs until every provider has ended, or until it is interrupted. */
export async function run(parameters: Arguments, terminal: Terminal): Promise<number> {
  const system = commandLineSystem();
  const { paths, options, problems: lineProblems } = await readCommandLine(system, parameters, {
    scansPaths: true,
  });
  const { values } = options;
  const problems = [...lineProblems];
  if (paths[0] && parameters.problems.length === 0) problems.push(noPaths(paths[0]));
  const { isOutTerminal } = terminal;
  const plan = planRun(system, options, { isTerminal: isOutTerminal, isUsed: values.format !== undefined });
  if (plan.setup.providers.length === 0) {
    problems.push("run needs a provider: name one with -P, or as providers in stoq.cfg");
  }
  problems.push(...plan.problems.map(({ message }) => message));
  const extraData = readRequestExtra(values.requestExtra ?? [], problems);
  if (problems.length > 0) return await refuseToStart(terminal, problems);

  const opened = await openEngine(system, options);
  const loadProblems = await openSelected(opened, runPlugins(options));
  if (loadProblems.length > 0) {
    await opened.close();
    return await refuseToStart(terminal, loadProblems);
  }
  const { engine } = opened;
  const progress = new Progress(terminal, system.clock);
  const interruption = new Interruption(terminal);
  let hasErrors = false;
  const setup: RunSetup = {
    ...plan.setup,
    requestMeta: { source: values.requestSource ?? null, extraData },
    startDispatch: values.startDispatch,
    startDeepDispatch: values.startDeepDispatch,
    stop: interruption.stop,
    abort: interruption.abort,
    onEvent(event) {
      progress.take(event);
      if (event.kind !== "scanned") return;
      hasErrors ||= countedErrors(event.response).length > 0;
    },
    save: values.format ? (response) => output.print(response) : undefined,
  };
  const output = new Output(terminal, values.format, () => interruption.interrupt());
  const summary = await runProviders(engine, setup);
  const failure = await output.finish();
  interruption.close();
  await opened.close();
  await progress.finish(summary);
  if (failure) throw failure;
  if (interruption.stop.aborted) return EXIT.interrupted;
  return isLost(summary) || (values.failOnError && hasErrors) ? EXIT.lost : EXIT.done;
}

function noPaths({ word, hint }: PathWord): string {
  const problem = `run takes no PATH, got "${printable(word)}"`;
  return hint === undefined ? problem : `${problem}; ${hint}`;
}

/** Plugins of every role: a run is not to find out halfway that one can't be used. */
function runPlugins({ values }: ResolvedOptions): readonly string[] {
  const { providers, sourceArchivers, destArchivers, decorators, connectors } = values;
  const { dispatchers, startDispatch, alwaysDispatch, deepDispatchers, startDeepDispatch } = values;
  return [
    ...[dispatchers, startDispatch, alwaysDispatch, deepDispatchers, startDeepDispatch],
    ...[destArchivers, decorators, connectors, sourceArchivers, providers],
  ].flatMap((names) => names ?? []);
}

function isLost({ failed, errors }: RunSummary): boolean {
  return failed > 0 || errors > 0;
}

/** Responses in the order in which they were finished. Once standard output fails the run is stopped: it would lose the others as well. */
class Output {
  readonly #terminal: Terminal;
  readonly #format: string | undefined;
  readonly #onFailure: () => void;
  #written: Promise<unknown> = Promise.resolve();
  #failure: Error | undefined;

  constructor(terminal: Terminal, format: string | undefined, onFailure: () => void) {
    this.#terminal = terminal;
    this.#format = format;
    this.#onFailure = onFailure;
  }

  /** Prints behind what was printed before. @throws {StoqError} `output-not-written` */
  async print(response: StoqResponse): Promise<void> {
    const printed = this.#written.then(() => this.#write(response));
    this.#written = printed.catch(() => {});
    await printed;
  }

  /** Waits for what was printed; gives the reason when something could not be. */
  async finish(): Promise<Error | undefined> {
    await this.#written;
    return this.#failure;
  }

  async #write(response: StoqResponse): Promise<void> {
    if (this.#failure) throw this.#failure;
    const text = await renderResponse(response, this.#format ?? "jsonl", this.#terminal);
    try {
      await this.#terminal.writeResults([text]);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#failure = error;
      this.#onFailure();
      throw error;
    }
  }
}

/** The first signal stops, the second one aborts. */
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
