/**
 * `scan` of several files: a response each, in the order of the files.
 *
 * @module
 */

import type { ResolvedOptions } from "../config/resolve.ts";
import type { RequestMeta, StoqResponse } from "../core/contract/contract.ts";
import { firstProblems } from "../core/contract/errors.ts";
import { lossesOf } from "../core/contract/keeping.ts";
import type { System, Terminal } from "../core/ports/system.ts";
import type { Session } from "../session.ts";
import { EXIT, refuseToStart } from "./exit.ts";
import { FailOn } from "./fail_on.ts";
import type { Overview } from "./report/overview.ts";
import { counted } from "./report/quantities.ts";
import { countedErrors, errorLine } from "./response_errors.ts";
import { renderResponse, summaryKeysOf } from "./response_output.ts";
import { readRoot, type RootReading, type RootSource, shownName } from "./root_payload.ts";
import type { ScanTargets } from "./scan_targets.ts";

/** Most files that are scanned at the same time: each holds its payloads and its response. */
const MAX_CONCURRENT_FILES = 4;

/** What a scan of several files needs. */
export interface ManyScan {
  readonly system: System;
  readonly terminal: Terminal;
  readonly options: ResolvedOptions;
  readonly session: Session;
  readonly targets: ScanTargets;
  readonly requestMeta: Partial<RequestMeta>;
  readonly passwords: readonly string[];
  /** Whether connectors that a flag names save the responses, so that nothing is printed. */
  readonly isSaved: boolean;
}

/** A response, or why there is none. */
type Outcome = { readonly response: StoqResponse } | Extract<RootReading, { readonly problem: string }>;

/** Scans the files and prints the responses; returns the exit code. */
export async function scanMany(setup: ManyScan): Promise<number> {
  const { targets, terminal, system, options: { values } } = setup;
  const printer = await ResponsePrinter.open(setup);
  const failOn = new FailOn(values);
  const losses = [...targets.failures];
  let empty = 0;
  let scanned = 0;
  const lanes = Math.max(1, Math.min(MAX_CONCURRENT_FILES, system.processors));
  const outcomes = mapInOrder(targets.sources, (source) => scanOne(setup, source), lanes);
  for await (const [source, outcome] of outcomes) {
    if (!("response" in outcome)) {
      if (outcome.isEmpty) empty++;
      else losses.push(outcome.problem);
      continue;
    }
    scanned++;
    const { response } = outcome;
    failOn.add(response);
    losses.push(...lossLines(source, response, values.failOnError));
    await printer.print(source, response);
  }
  if (scanned + losses.length === 0) return await refuseToStart(terminal, [nothingToScan(targets, empty)]);
  await printer.end({
    empty,
    irregular: targets.irregular,
    failed: targets.sources.length - scanned - empty,
  });
  const lines = [...firstProblems(losses), ...failOn.lines()];
  if (lines.length > 0) await terminal.writeErr(lines.map((line) => `stoq: ${line}\n`).join(""));
  if (losses.length > 0) return EXIT.lost;
  return failOn.lines().length > 0 ? EXIT.found : EXIT.done;
}

async function scanOne(
  { system, terminal, options: { limits, values }, session, requestMeta, passwords }: ManyScan,
  source: RootSource,
): Promise<Outcome> {
  const reading = await readRoot(system, terminal, source, limits);
  if (reading.problem !== undefined) return reading;
  const { startDispatch, startDeepDispatch } = values;
  const request = { ...reading.input, requestMeta };
  return { response: await session.scan(request, { startDispatch, startDeepDispatch, passwords }) };
}

/** Calls with at most `limit` items under way; yields the items with their answers in order. */
async function* mapInOrder<T, R>(
  items: readonly T[],
  call: (item: T) => Promise<R>,
  limit: number,
): AsyncGenerator<readonly [T, R]> {
  const running: (readonly [T, Promise<R>])[] = [];
  for (const item of items) {
    const answer = call(item);
    // It is awaited in its turn; until then its failure is no failure of the process.
    answer.catch(() => {});
    running.push([item, answer]);
    if (running.length >= limit) yield await settled(running.shift()!);
  }
  for (const entry of running) yield await settled(entry);
}

async function settled<T, R>([item, answer]: readonly [T, Promise<R>]): Promise<readonly [T, R]> {
  return [item, await answer];
}

/** Prints responses as lines of JSON, or as an overview for people. */
class ResponsePrinter {
  readonly #setup: ManyScan;
  readonly #overview: Overview | undefined;

  private constructor(setup: ManyScan, overview: Overview | undefined) {
    this.#setup = setup;
    this.#overview = overview;
  }

  static async open(setup: ManyScan): Promise<ResponsePrinter> {
    const { terminal, options: { values, registry }, isSaved } = setup;
    const isText = values.format === "text" || values.format === undefined && terminal.isOutTerminal;
    if (!isText || isSaved && values.format === undefined) return new ResponsePrinter(setup, undefined);
    const { Overview } = await import("./report/overview.ts");
    const { hasColor: isColor, columns } = terminal;
    const overview = new Overview({ isColor, columns, summaryKeys: summaryKeysOf(registry) });
    return new ResponsePrinter(setup, overview);
  }

  async print(source: RootSource, response: StoqResponse): Promise<void> {
    const { terminal, options: { values }, isSaved } = this.#setup;
    if (this.#overview) return await terminal.writeOut(this.#overview.lineOf(nameOf(source), response));
    // A response that a connector could not save is printed, so that it is not lost.
    const isUnsaved = lossesOf(response).some(({ role }) => role === "connector");
    if (isSaved && !isUnsaved && values.format === undefined) return;
    await terminal.writeResults(await renderResponse(response, "jsonl", terminal));
  }

  async end(counts: Parameters<Overview["end"]>[0]): Promise<void> {
    if (this.#overview) await this.#setup.terminal.writeOut(this.#overview.end(counts));
  }
}

function lossLines(source: RootSource, response: StoqResponse, failOnError: boolean): string[] {
  const losses = lossesOf(response);
  const errors = failOnError ? countedErrors(response).filter((error) => !losses.includes(error)) : [];
  const name = shownName(nameOf(source));
  return [
    ...losses.map((error) => `"${name}": ${errorLine(error)}`),
    ...errors.map((error) => `"${name}": ${errorLine(error)} (--fail-on-error)`),
  ];
}

function nameOf(source: RootSource): string {
  return source.kind === "file" ? source.word : "standard input";
}

function nothingToScan({ irregular }: ScanTargets, empty: number): string {
  const links = counted(irregular, "entry is a link or device", "entries are links or devices");
  return `There is nothing to scan: ${counted(empty, "file is", "files are")} empty, ${links}`;
}
