/**
 * What a condition asks of a file besides its strings: numbers at offsets, offsets of strings, sizes.
 *
 * @module
 */

import { childrenOf } from "../../src/yara/expression_children.ts";
import type { Expression } from "../../src/yara/mod.ts";

/** Things that make a condition likelier to be near the border between true and false. */
export interface ConditionHints {
  /** Bytes that some `uint16(0) == 0x5a4d` wants. */
  readonly fixed: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  /** Offsets behind `at`. */
  readonly offsets: readonly number[];
  /** Numbers to which `filesize` is compared. */
  readonly sizes: readonly number[];
  /** External variable → texts to which it is compared, one character for each byte. */
  readonly externals: ReadonlyMap<string, readonly string[]>;
}

/** Farthest offset and largest size that a planted file can have. */
const MAX_HINT_BYTES = 4_194_304;
const MAX_NUMBER = 0xffff_ffff;
const INTEGER_FUNCTION = /^u?int(8|16|32)(be)?$/;

/** Reads the condition of one rule. */
export function readHints(condition: Expression): ConditionHints {
  const reader = new HintReader();
  reader.read(condition);
  return reader;
}

class HintReader implements ConditionHints {
  readonly fixed: { offset: number; bytes: Uint8Array }[] = [];
  readonly offsets: number[] = [];
  readonly sizes: number[] = [];
  readonly externals = new Map<string, string[]>();

  read(expression: Expression): void {
    if ("left" in expression) {
      this.#readComparison(expression.op, expression.left, expression.right);
    } else if ("offset" in expression) {
      const offset = numberOf(expression.offset);
      if (offset !== undefined) this.offsets.push(offset);
    }
    for (const child of childrenOf(expression)) this.read(child);
  }

  #readComparison(op: string, left: Expression, right: Expression): void {
    const number = numberOf(right);
    if (left.op === "filesize" && number !== undefined) this.sizes.push(number);
    if (left.op === "name" && right.op === "text") {
      this.externals.set(left.name, [...this.externals.get(left.name) ?? [], right.value]);
    }
    if (op !== "==" || left.op !== "call" || left.of.op !== "name") return;
    const integer = INTEGER_FUNCTION.exec(left.of.name);
    const offset = numberOf(left.args[0]);
    if (!integer || offset === undefined || number === undefined) return;
    this.fixed.push({ offset, bytes: integerBytes(number, Number(integer[1]) / 8, integer[2] === "be") });
  }
}

function numberOf(expression: Expression | undefined): number | undefined {
  if (expression?.op !== "integer" || typeof expression.value === "string") return undefined;
  return expression.value <= MAX_NUMBER ? expression.value : undefined;
}

function integerBytes(value: number, size: number, isBigEndian: boolean): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 0xff);
  return isBigEndian ? bytes.reverse() : bytes;
}

/** Whether an offset or a size is one that a planted file can have. */
export function isReachable(offset: number): boolean {
  return offset <= MAX_HINT_BYTES;
}
