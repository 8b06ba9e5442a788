/**
 * Runs of bytes one of which is in every match.
 *
 * @module
 */

import type { SearchForm } from "../search_form.ts";
import type { Modifiers } from "../syntax.ts";
import { MAX_RUNS } from "./limits.ts";
import { fewestBytes, mostBytes, type RegexpNode, type Repetition } from "./node.ts";
import { scoreOfTexts } from "./run_score.ts";
import { crossTexts, EMPTY_TEXT, type RunText, TextFinder } from "./run_text.ts";

/** A form of a regular expression. */
export interface RegexpRun extends SearchForm {
  /** Whether each byte is followed by a zero byte, in the run and in the match around it. */
  readonly isWide: boolean;
  /** Bytes from the start of the match to the run, where all matches have the same. */
  readonly distance?: number;
}

/** Most nodes that are examined, copies of repetitions counted separately; later ones count as unknown. */
const MAX_VISITS = 20_000;

/** Most copies of a repeated node that are examined: more make no better run. */
const MAX_COPIES = 8;

/**
 * The runs, best first known; `none` if a match need not hold any run that is long enough to search.
 *
 * The node is taken as it is: `nocase` must be in it already, see `parseRegexp`. `fullword` changes nothing, since a
 * run is only a part of the match.
 */
export function requiredRuns(node: RegexpNode, modifiers: Modifiers): readonly RegexpRun[] | "none" {
  const builder = new RunBuilder(new Search(), 0);
  builder.append(node);
  const best = builder.finish();
  if (!best) return "none";
  const isAscii = modifiers.isAscii || !modifiers.isWide;
  const runs = withoutDoublets(best.runs);
  return [
    ...isAscii ? runs.map((run) => formOf(run, false)) : [],
    ...modifiers.isWide ? runs.map((run) => formOf(run, true)) : [],
  ];
}

interface DraftRun {
  readonly text: RunText;
  readonly distance: number | undefined;
}

interface Draft {
  readonly runs: readonly DraftRun[];
  readonly score: number;
}

function withoutDoublets(runs: readonly DraftRun[]): readonly DraftRun[] {
  const known = new Map<string, DraftRun>();
  for (const run of runs) {
    const key = `${run.text.isFolded} ${run.text.bytes}`;
    const same = known.get(key);
    known.set(key, same && same.distance !== run.distance ? { text: run.text, distance: undefined } : run);
  }
  return [...known.values()];
}

function formOf({ text, distance }: DraftRun, isWide: boolean): RegexpRun {
  const lower = text.isFolded ? text.bytes.map(toLowerCase) : text.bytes;
  const bytes = Uint8Array.from(isWide ? lower.flatMap((byte) => [byte, 0]) : lower);
  return {
    bytes,
    isCaseInsensitive: text.isFolded,
    boundary: "none",
    isWide,
    ...distance !== undefined && { distance: isWide ? distance * 2 : distance },
  };
}

function toLowerCase(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}

/** What is shared by all builders of one search. */
class Search {
  readonly texts = new TextFinder();
  readonly #widths = new Map<RegexpNode, number | undefined>();
  visits = 0;

  /** Bytes of every match of a node, where that is fixed. */
  widthOf(node: RegexpNode): number | undefined {
    if (!this.#widths.has(node)) {
      const most = mostBytes(node);
      this.#widths.set(node, most === fewestBytes(node) && Number.isFinite(most) ? most : undefined);
    }
    return this.#widths.get(node);
  }
}

/** Walks through a sequence and keeps the best texts so far. */
class RunBuilder {
  readonly #search: Search;
  /** Characters in front of what comes next, where that is fixed. */
  #position: number | undefined;
  #start: number | undefined;
  #current: readonly RunText[] = [EMPTY_TEXT];
  #best: Draft | undefined;

  constructor(search: Search, position: number | undefined) {
    this.#search = search;
    this.#position = position;
    this.#start = position;
  }

  append(node: RegexpNode): void {
    if (++this.#search.visits > MAX_VISITS) return this.#gap(node);
    if (node.kind === "sequence") return node.parts.forEach((part) => this.append(part));
    const texts = this.#search.texts.textsOf(node);
    if (texts) return this.#join(texts, node);
    if (node.kind === "repetition") return this.#repeat(node);
    if (node.kind === "choice") this.#choose(node.branches);
    this.#gap(node);
  }

  finish(): Draft | undefined {
    this.#offerCurrent();
    return this.#best;
  }

  #join(texts: readonly RunText[], node: RegexpNode): void {
    if (texts.length > 1) this.#offerCurrent();
    const crossed = crossTexts(this.#current, texts);
    if (!crossed) {
      this.#offerCurrent();
      this.#start = this.#position;
    }
    this.#current = crossed ?? texts;
    this.#move(node, 1);
  }

  #repeat(node: Repetition): void {
    const copies = Math.min(node.min, MAX_COPIES);
    for (let copy = 0; copy < copies; copy++) this.append(node.of);
    if (node.max === copies) return;
    this.#offerCurrent();
    const isFixed = node.max === node.min;
    if (isFixed) this.#move(node.of, node.min - copies);
    else this.#position = undefined;
    this.#restart();
  }

  #choose(branches: readonly RegexpNode[]): void {
    const drafts = branches.map((branch) => {
      const builder = new RunBuilder(this.#search, this.#position);
      builder.append(branch);
      return builder.finish();
    });
    const runs = drafts.flatMap((draft) => draft?.runs ?? []);
    if (drafts.includes(undefined) || runs.length > MAX_RUNS) return;
    this.#offer(runs);
  }

  /** Passes a node of which nothing is known but its length. */
  #gap(node: RegexpNode): void {
    this.#offerCurrent();
    this.#move(node, 1);
    this.#restart();
  }

  #move(node: RegexpNode, copies: number): void {
    const width = this.#search.widthOf(node);
    this.#position = width !== undefined && this.#position !== undefined
      ? this.#position + width * copies
      : undefined;
  }

  #restart(): void {
    this.#current = [EMPTY_TEXT];
    this.#start = this.#position;
  }

  #offerCurrent(): void {
    this.#offer(this.#current.map((text) => ({ text, distance: this.#start })));
  }

  #offer(runs: readonly DraftRun[]): void {
    const score = scoreOfTexts(runs.map((run) => run.text));
    if (score !== undefined && (!this.#best || score > this.#best.score)) this.#best = { runs, score };
  }
}
