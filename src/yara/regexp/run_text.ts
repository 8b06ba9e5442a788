/**
 * Fixed texts that a regular expression equals, or that each of its matches holds.
 *
 * @module
 */

import { type ByteSet, bytesOf, foldCase, hasByte, isEqualSet } from "./byte_set.ts";
import { MAX_EXPANDED_CLASS_BYTES, MAX_RUN_CHARS, MAX_RUNS } from "./limits.ts";
import type { RegexpNode } from "./node.ts";

/** Bytes; where `isFolded` letters are in lower case and stand for both. */
export interface RunText {
  readonly bytes: readonly number[];
  readonly isFolded: boolean;
}

/** The text of nothing. */
export const EMPTY_TEXT: RunText = { bytes: [], isFolded: false };

/** Every text of the first with every one of the second behind it; nothing where they are too many or too long. */
export function crossTexts(
  left: readonly RunText[],
  right: readonly RunText[],
): readonly RunText[] | undefined {
  if (left.length * right.length > MAX_RUNS) return undefined;
  const texts: RunText[] = [];
  for (const a of left) {
    for (const b of right) {
      if (a.bytes.length + b.bytes.length > MAX_RUN_CHARS) return undefined;
      texts.push({ bytes: a.bytes.concat(b.bytes), isFolded: a.isFolded || b.isFolded });
    }
  }
  return texts;
}

/**
 * Texts one of which each match is: exactly those, or with some that can't match. Nothing where they are too many.
 *
 * Answers are kept for each node, since every node above asks again.
 */
export class TextFinder {
  readonly #known = new Map<RegexpNode, readonly RunText[] | undefined>();

  /** Texts of a node. */
  textsOf(node: RegexpNode): readonly RunText[] | undefined {
    if (node.kind === "byte") return [{ bytes: [node.value], isFolded: false }];
    if (this.#known.has(node)) return this.#known.get(node);
    const texts = this.#find(node);
    this.#known.set(node, texts);
    return texts;
  }

  #find(node: RegexpNode): readonly RunText[] | undefined {
    switch (node.kind) {
      case "opaque":
        return undefined;
      case "set":
        return textsOfSet(node.set);
      case "sequence":
        return this.#sequence(node.parts);
      case "choice": {
        const lists = node.branches.map((branch) => this.textsOf(branch));
        const texts = lists.flatMap((list) => list ?? []);
        return lists.includes(undefined) || texts.length > MAX_RUNS ? undefined : texts;
      }
      case "repetition":
        return this.#repetition(node);
      default:
        return [EMPTY_TEXT];
    }
  }

  #sequence(parts: readonly RegexpNode[]): readonly RunText[] | undefined {
    let texts: readonly RunText[] | undefined = [EMPTY_TEXT];
    for (const part of parts) {
      const more = this.textsOf(part);
      texts = texts && more && crossTexts(texts, more);
      if (!texts) return undefined;
    }
    return texts;
  }

  #repetition(node: Extract<RegexpNode, { kind: "repetition" }>): readonly RunText[] | undefined {
    const of = this.textsOf(node.of);
    if (!of || node.max === undefined || node.max > MAX_RUN_CHARS) return undefined;
    // YARA-X may take more copies than it is allowed (see `shape.ts`), so that the texts of those aren't all.
    if (node.min > 0 && node.max > node.min) return undefined;
    const all: RunText[] = node.min === 0 ? [EMPTY_TEXT] : [];
    let texts: readonly RunText[] | undefined = [EMPTY_TEXT];
    for (let count = 1; count <= node.max; count++) {
      texts = crossTexts(texts, of);
      if (!texts) return undefined;
      if (count >= node.min) all.push(...texts);
      if (all.length > MAX_RUNS) return undefined;
    }
    return all;
  }
}

/** Sets that many regular expressions share, such as those of a letter in both cases. */
const TEXTS_OF_SETS = new WeakMap<ByteSet, { readonly texts: readonly RunText[] | undefined }>();

function textsOfSet(set: ByteSet): readonly RunText[] | undefined {
  let known = TEXTS_OF_SETS.get(set);
  if (!known) TEXTS_OF_SETS.set(set, known = { texts: findTextsOfSet(set) });
  return known.texts;
}

function findTextsOfSet(set: ByteSet): readonly RunText[] | undefined {
  const isFolded = isEqualSet(set, foldCase(set));
  const bytes = bytesOf(set).filter((byte) => !(isFolded && byte >= 0x41 && byte <= 0x5a));
  if (bytes.length === 0 || bytes.length > MAX_EXPANDED_CLASS_BYTES) return undefined;
  return bytes.map((byte) => ({ bytes: [byte], isFolded: isFolded && isLetter(set, byte) }));
}

function isLetter(set: ByteSet, byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a && hasByte(set, byte - 32);
}
