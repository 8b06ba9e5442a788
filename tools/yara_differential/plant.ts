/**
 * Makes files in which rules are likely to match, or just not to: pieces of the rules' own strings in random bytes and
 * in real files, at the places where engines go wrong.
 *
 * @module
 */

import type { Expression, PatternSyntax } from "../../src/yara/mod.ts";
import { type ConditionHints, isReachable, readHints } from "./condition_hints.ts";
import { fileHeader } from "./file_headers.ts";
import { fillHex } from "./hex_filler.ts";
import type { PoolRule } from "./rule_pool.ts";
import type { Random } from "./random.ts";
import { fillRegexp } from "./regexp_filler.ts";
import { cut, flipCase, matchingText, spoil, strangeText, toWide } from "./text_variants.ts";

/** A rule, read for planting. */
export interface PlantRule {
  readonly name: string;
  readonly patterns: readonly PatternSyntax[];
  readonly hints: ConditionHints;
}

/** A file that was made. */
export interface PlantedFile {
  readonly bytes: Uint8Array;
  /** How it was made, and the rules whose strings it holds. */
  readonly story: string;
}

/** Largest planted file, but for what hints ask. */
const MAX_BASE_BYTES = 262_144;
/** Fixed bytes behind this offset are no part of a head. */
const HEAD_BYTES = 4_096;
/** Stands for a condition that our parser refuses. */
const NO_CONDITION: Expression = { op: "boolean", value: true };
/** Most pieces in a file. */
const MAX_PIECES = 400;
const BORDERS = [4_096, 4_096, 65_536, 1_048_576];
const WORD_BYTES = new TextEncoder().encode("aZ09_-. \n\0");

/** Reads a rule for planting. */
export function plantRule({ name, patterns, condition }: PoolRule): PlantRule {
  return { name, patterns, hints: readHints(condition ?? NO_CONDITION) };
}

/**
 * Makes one file.
 *
 * @param rules not empty
 * @param hosts real files to plant in; may be empty
 */
export function plantFile(
  random: Random,
  rules: readonly PlantRule[],
  hosts: readonly Uint8Array[],
): PlantedFile {
  const plan = random.pick(PLANS);
  const chosen = plan === "several" ? random.shuffle(rules).slice(0, random.int(2, 6)) : [random.pick(rules)];
  const isStrange = plan === "fragments";
  const pieces = random.shuffle(chosen.flatMap(({ patterns }) => choose(random, plan, patterns)))
    .slice(0, MAX_PIECES).map((pattern) =>
      pieceOf(random, pattern, isStrange || (plan !== "apart" && random.isOnceIn(12)))
    );
  const file = new PlantingGround(random, base(random, hosts));
  const hints = chosen.map((rule) => rule.hints);
  if (random.isOnceIn(6)) file.put(fileHeader(random), 0);
  if (plan === "apart") file.plantApart(pieces, Math.max(0, ...chosen.flatMap(headLengths)));
  else for (const piece of pieces) file.plant(piece, hints.flatMap(({ offsets }) => offsets));
  if (plan === "apart" || !random.isOnceIn(5)) { for (const { fixed } of hints) file.putFixed(fixed); }
  if (random.isOnceIn(4)) file.resize(hints.flatMap(({ sizes }) => sizes));
  const names = chosen.map(({ name }) => name).join(", ");
  return { bytes: file.bytes, story: `${plan} of ${names}, ${pieces.length} pieces` };
}

/** `apart`: all strings of a rule, none over another, so that it is likely to match. */
const PLANS = [
  "apart",
  "apart",
  "apart",
  "all",
  "all",
  "half",
  "several",
  "several",
  "fragments",
  "many",
] as const;

function choose(
  random: Random,
  plan: typeof PLANS[number],
  patterns: readonly PatternSyntax[],
): readonly PatternSyntax[] {
  if (plan === "half" || plan === "fragments") return patterns.filter(() => random.isOnceIn(2));
  if (plan !== "many" || patterns.length === 0) return patterns;
  return Array.from({ length: random.int(2, 120) }, () => random.pick(patterns));
}

/** Bytes for a pattern, perhaps between neighbours that decide whether it is a word. */
function pieceOf(random: Random, pattern: PatternSyntax, isStrange: boolean): Uint8Array {
  const inner = innerPiece(random, pattern, isStrange);
  const shouldWrap = random.isOnceIn(pattern.modifiers.isFullword ? 2 : 8);
  if (!shouldWrap) return inner;
  const neighbour = () => {
    const bytes = random.bytes(random.int(0, 1), WORD_BYTES);
    return random.isOnceIn(2) ? toWide(bytes) : bytes;
  };
  return Uint8Array.from([...neighbour(), ...inner, ...neighbour()]);
}

function innerPiece(random: Random, pattern: PatternSyntax, isStrange: boolean): Uint8Array {
  if (pattern.kind === "text") {
    return isStrange ? strangeText(random, pattern) : matchingText(random, pattern);
  }
  if (pattern.kind === "hex") {
    const bytes = fillHex(random, pattern.tokens, isStrange);
    return isStrange && random.isOnceIn(2) ? cut(random, bytes) : bytes;
  }
  const text = fillRegexp(random, pattern.regexp.source);
  const isCaseInsensitive = pattern.regexp.isCaseInsensitive || pattern.modifiers.isNocase;
  const cased = isCaseInsensitive ? flipCase(random, text) : text;
  const isWide = pattern.modifiers.isWide && (!pattern.modifiers.isAscii || random.isOnceIn(2));
  const bytes = isWide ? toWide(cased) : cased;
  return isStrange ? spoil(random, bytes) : bytes;
}

/** Ends of what a rule wants at fixed offsets near the start. */
function headLengths({ hints }: PlantRule): number[] {
  return hints.fixed.map(({ offset, bytes }) => offset + bytes.length).filter((end) => end <= HEAD_BYTES);
}

/** What pieces are planted into. */
function base(random: Random, hosts: readonly Uint8Array[]): Uint8Array {
  const length = random.pick([0, random.int(0, 64), random.int(64, 20_000), random.int(0, MAX_BASE_BYTES)]);
  // Borders of a megabyte need files of more than one.
  if (random.isOnceIn(60)) return new Uint8Array(1_048_576 + random.int(0, 4_096));
  switch (random.int(0, 4)) {
    case 0:
      return new Uint8Array(length);
    case 1:
      return random.bytes(length, WORD_BYTES);
    case 2:
      return random.bytes(length);
    default: {
      if (hosts.length === 0) return random.bytes(length);
      const host = random.pick(hosts);
      const start = random.isOnceIn(2) ? 0 : random.int(0, host.length);
      return host.slice(start, start + Math.max(length, 2_000));
    }
  }
}

/** A file that grows where a piece would not fit. */
class PlantingGround {
  bytes: Uint8Array;
  /** End of the piece that was planted last. */
  #end = 0;

  constructor(readonly random: Random, bytes: Uint8Array) {
    this.bytes = bytes;
  }

  plant(piece: Uint8Array, offsets: readonly number[]): void {
    this.put(piece, Math.max(0, this.#place(piece.length, offsets)));
  }

  /** One behind the other, behind the file's head. */
  plantApart(pieces: readonly Uint8Array[], head: number): void {
    this.#end = head;
    for (const piece of pieces) {
      this.put(piece, this.#end + this.random.pick([0, 1, this.random.int(2, 300)]));
    }
  }

  put(piece: Uint8Array, offset: number): void {
    if (offset + piece.length > this.bytes.length) this.#grow(offset + piece.length);
    this.bytes.set(piece, offset);
    this.#end = offset + piece.length;
  }

  putFixed(fixed: ConditionHints["fixed"]): void {
    for (const { offset, bytes } of fixed) if (isReachable(offset)) this.put(bytes, offset);
  }

  /** Gives the file a size close to one that a condition asks for. */
  resize(sizes: readonly number[]): void {
    const reachable = sizes.filter((size) => isReachable(size) && size > 0);
    if (reachable.length === 0) return;
    const size = this.random.pick(reachable) + this.random.int(-1, 1);
    if (size > this.bytes.length) this.#grow(size);
    else if (this.random.isOnceIn(3)) this.bytes = this.bytes.slice(0, size);
  }

  #place(length: number, offsets: readonly number[]): number {
    const { random, bytes } = this;
    const reachable = offsets.filter(isReachable);
    if (reachable.length > 0 && random.isOnceIn(2)) return random.pick(reachable) + random.pick([0, 0, 0, 1]);
    switch (random.int(0, 9)) {
      case 0:
        return 0;
      case 1:
        return bytes.length - length;
      case 2:
      case 3:
        return this.#border() - random.int(0, length);
      case 4:
        return this.#end;
      case 5:
        return random.isOnceIn(3) ? this.#end - random.int(1, 4) : this.#end + random.int(1, 3);
      default:
        return random.int(0, bytes.length);
    }
  }

  /** A multiple of a size in which engines cut files, within the file if that is large enough. */
  #border(): number {
    const size = this.random.pick(BORDERS.filter((border) => border <= Math.max(this.bytes.length, 4_096)));
    return size * this.random.int(1, Math.max(1, Math.floor(this.bytes.length / size)));
  }

  #grow(length: number): void {
    const grown = new Uint8Array(length);
    grown.set(this.bytes);
    grown.set(this.random.bytes(Math.min(length - this.bytes.length, 64)), this.bytes.length);
    this.bytes = grown;
  }
}
