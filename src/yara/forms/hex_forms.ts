/**
 * Forms of hex strings: the rarest run that every match must hold.
 *
 * @module
 */

import type { HexPattern, HexToken } from "../syntax.ts";
import { type Atom, bestAtom } from "./atom.ts";
import {
  type CompiledPattern,
  type HexChoice,
  type HexElement,
  type HexRun,
  type PatternForm,
  PLAIN,
  type RunPlace,
  UNKNOWN_PATTERN,
} from "./compiled_pattern.ts";
import { readHexElements } from "./hex_elements.ts";
import { hexStatus, MAX_MASKED_BYTES } from "./hex_status.ts";
import { isVersionKey, VERSION_KEY_PENALTY } from "./version_key.ts";

/** Branches of a choice that become forms of their own. */
export const MAX_CHOICE_FORMS = 64;

/** What one more form costs, in an atom's score. */
const FORM_PENALTY = 1;

/** A run with its place and atom. */
interface PlacedRun {
  readonly run: HexRun;
  readonly place: RunPlace;
  readonly atom: Atom;
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array | undefined;
}

/** Forms of a hex string. Of YARA-X's hex strings only literals and choices of literals are anchored. */
export function compileHex(pattern: HexPattern, anchoredAt: number | undefined): CompiledPattern {
  const bytes = literalOf(pattern.tokens);
  if (bytes) return compileLiteral(bytes, anchoredAt);
  const elements = readHexElements(pattern.tokens);
  if (!elements || elements.length === 0) return UNKNOWN_PATTERN;
  const status = hexStatus(elements);
  if (status === "unknown") return UNKNOWN_PATTERN;
  const only = elements[0]!;
  if (elements.length === 1 && only.kind === "run" && !only.negated) return compileRun(only, anchoredAt);
  const choice = bestRuns(elements);
  if (!choice) return UNKNOWN_PATTERN;
  const forms = choice.map(formOf);
  const plan = { kind: "hex", elements, places: choice.map((placed) => placed.place) } as const;
  if (anchoredAt !== undefined && only.kind === "choice" && elements.length === 1) {
    return compileAnchoredChoice({ forms, status, plan }, only, anchoredAt);
  }
  return { forms, status, plan };
}

/** The bytes of a hex string that has nothing else; most of them are such. */
function literalOf(tokens: readonly HexToken[]): Uint8Array | undefined {
  if (tokens.length === 0) return undefined;
  const bytes = new Uint8Array(tokens.length);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind !== "byte" || token.mask !== 0xff || token.isNegated) return undefined;
    bytes[i] = token.value;
  }
  return bytes;
}

function compileLiteral(bytes: Uint8Array, anchoredAt: number | undefined): CompiledPattern {
  const form: PatternForm = { bytes, isCaseInsensitive: false, boundary: "none" };
  return {
    forms: [anchoredAt === undefined ? form : { ...form, anchoredAt }],
    status: bytes.length > MAX_MASKED_BYTES ? "candidate" : "exact",
    plan: PLAIN,
  };
}

function compileRun(run: HexRun, anchoredAt: number | undefined): CompiledPattern {
  const placed = placeRun(run, [0]);
  if (!placed) return UNKNOWN_PATTERN;
  const form = formOf(placed);
  const isAnchored = anchoredAt !== undefined && form.mask === undefined;
  const status = run.bytes.length > MAX_MASKED_BYTES ? "candidate" : "exact";
  return { forms: [isAnchored ? { ...form, anchoredAt } : form], status, plan: PLAIN };
}

// YARA-X turns a choice of single characters into a class, which it does not anchor. A branch of two bytes that are no
// single UTF-8 character rules that out; for the rest we look everywhere and say so.
function compileAnchoredChoice(
  compiled: CompiledPattern,
  choice: HexChoice,
  anchoredAt: number,
): CompiledPattern {
  const isOfLiterals = choice.branches.every((branch) => branch.length === 1 && isLiteral(branch[0]!));
  const hasLong = choice.branches.some((branch) => {
    const first = branch[0];
    return first?.kind === "run" && first.bytes.length > 1 && first.bytes[0]! < 0x80;
  });
  if (!isOfLiterals || !hasLong || compiled.forms.length !== choice.branches.length) {
    return { ...compiled, status: "candidate" };
  }
  const forms = compiled.forms.map((form) => ({ ...form, anchoredAt }));
  return { ...compiled, forms, plan: PLAIN };
}

function isLiteral(element: HexElement): boolean {
  return element.kind === "run" && !element.negated && element.mask.every((bits) => bits === 0xff);
}

function formOf(placed: PlacedRun): PatternForm {
  const { bytes, mask } = placed;
  if (!mask) return { bytes, isCaseInsensitive: false, boundary: "none" };
  return { bytes, mask, isCaseInsensitive: false, boundary: "none" };
}

function bestRuns(elements: readonly HexElement[]): PlacedRun[] | undefined {
  let best: PlacedRun[] | undefined;
  let bestScore = -Infinity;
  elements.forEach((element, index) => {
    const runs = element.kind === "jump"
      ? undefined
      : element.kind === "run"
      ? asList(placeRun(element, [index]))
      : branchRuns(element, index);
    if (!runs) return;
    const score = scoreOf(runs);
    // The later of two equals: what a rule's author puts behind is more special than what it begins with.
    if (score < bestScore) return;
    best = runs;
    bestScore = score;
  });
  return best;
}

function asList(placed: PlacedRun | undefined): PlacedRun[] | undefined {
  return placed && [placed];
}

function branchRuns(choice: HexChoice, element: number): PlacedRun[] | undefined {
  if (choice.branches.length > MAX_CHOICE_FORMS) return undefined;
  const all: PlacedRun[] = [];
  for (const [branch, inner] of choice.branches.entries()) {
    const best = bestOfBranch(inner, element, branch);
    if (!best) return undefined;
    all.push(best);
  }
  return all;
}

function bestOfBranch(
  elements: readonly HexElement[],
  element: number,
  branch: number,
): PlacedRun | undefined {
  let best: PlacedRun | undefined;
  elements.forEach((inner, index) => {
    const placed = inner.kind === "run" ? placeRun(inner, [element, branch, index]) : undefined;
    if (placed && (!best || placed.atom.score > best.atom.score)) best = placed;
  });
  return best;
}

function scoreOf(runs: readonly PlacedRun[]): number {
  let worst = Infinity;
  for (const { atom, run } of runs) {
    worst = Math.min(worst, isVersionKey(run.bytes) ? atom.score - VERSION_KEY_PENALTY : atom.score);
  }
  return worst - (runs.length - 1) * FORM_PENALTY;
}

function placeRun(run: HexRun, place: RunPlace): PlacedRun | undefined {
  const bytes = Uint8Array.from(run.bytes);
  const mask = maskOf(run);
  for (const index of run.negated ?? []) bytes[index] = 0;
  const atom = bestAtom(bytes, mask);
  return atom && { run, place, atom, bytes, mask };
}

function maskOf(run: HexRun): Uint8Array | undefined {
  if (!run.negated && run.mask.every((bits) => bits === 0xff)) return undefined;
  const mask = Uint8Array.from(run.mask);
  for (const index of run.negated ?? []) mask[index] = 0;
  return mask;
}
