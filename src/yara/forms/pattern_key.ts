/**
 * When two patterns are the same.
 *
 * @module
 */

import type { HexToken, Modifiers, PatternSyntax } from "../syntax.ts";

const FIRST_BYTES = 4_096;

/** With what a key begins. */
const KIND = { text: 1, literal: 2, hex: 3, regexp: 4 } as const;
/** With what a part of a hex string begins. */
const PART = { byte: 1, negated: 2, jump: 3, openJump: 4, branch: 5, end: 6 } as const;

const ASCII = 1;
const WIDE = 2;
const NOCASE = 4;
const FULLWORD = 8;
const XOR = 16;
const BASE64 = 32;
const BASE64WIDE = 64;

/**
 * Writes bytes that are equal for patterns that find the same, whatever their identifiers, rules and privacy are.
 *
 * YARA-X also shares a pattern between rules only where anchor and bounds of `filesize` are equal, so that neither an
 * anchor nor a bound of one rule is felt by another one: the anchor is in the key. Bounds need not be: a pattern whose
 * rules exclude the file is not searched, but then those rules can't match.
 */
export class PatternKey {
  /** Behind `length` they mean nothing. */
  bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  length = 0;

  /** Writes the key of a pattern over the last one; `anchoredAt` is the only offset at which it is looked for. */
  write(pattern: PatternSyntax, anchoredAt?: number): void {
    this.length = 0;
    this.#addText(anchoredAt === undefined ? "" : String(anchoredAt));
    if (pattern.kind === "text") {
      this.#add(KIND.text);
      this.#addModifiers(pattern.modifiers);
      this.#addBytes(pattern.bytes);
    } else if (pattern.kind === "regexp") {
      const { source, isCaseInsensitive, isDotAll } = pattern.regexp;
      this.#add(KIND.regexp);
      this.#addModifiers(pattern.modifiers);
      this.#add((isCaseInsensitive ? 1 : 0) | (isDotAll ? 2 : 0));
      this.#addText(source);
    } else if (isLiteral(pattern.tokens)) {
      this.#add(KIND.literal);
      this.#addLiteral(pattern.tokens);
    } else {
      this.#add(KIND.hex);
      this.#addTokens(pattern.tokens);
    }
  }

  #reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes);
    this.bytes = larger;
  }

  #add(byte: number): void {
    this.#reserve(1);
    this.bytes[this.length++] = byte;
  }

  #addBytes(added: Uint8Array): void {
    this.#reserve(added.length);
    const { bytes, length } = this;
    // For a few bytes a loop is faster than a call.
    for (let i = 0; i < added.length; i++) bytes[length + i] = added[i]!;
    this.length += added.length;
  }

  #addNumber(value: number): void {
    this.#reserve(4);
    const { bytes, length } = this;
    bytes[length] = value;
    bytes[length + 1] = value >>> 8;
    bytes[length + 2] = value >>> 16;
    bytes[length + 3] = value >>> 24;
    this.length += 4;
  }

  #addText(text: string): void {
    this.#addNumber(text.length);
    this.#reserve(text.length * 2);
    const { bytes, length } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      bytes[length + 2 * i] = code;
      bytes[length + 2 * i + 1] = code >>> 8;
    }
    this.length += text.length * 2;
  }

  #addModifiers(modifiers: Modifiers): void {
    const { xor, base64, base64wide } = modifiers;
    this.#add(
      (modifiers.isAscii || !modifiers.isWide ? ASCII : 0) | (modifiers.isWide ? WIDE : 0) |
        (modifiers.isNocase ? NOCASE : 0) | (modifiers.isFullword ? FULLWORD : 0) | (xor ? XOR : 0) |
        (base64 === undefined ? 0 : BASE64) | (base64wide === undefined ? 0 : BASE64WIDE),
    );
    if (xor) {
      this.#add(xor.from);
      this.#add(xor.to);
    }
    if (base64 !== undefined) this.#addText(base64);
    if (base64wide !== undefined) this.#addText(base64wide);
  }

  #addLiteral(tokens: readonly HexToken[]): void {
    this.#reserve(tokens.length);
    const { bytes, length } = this;
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (token.kind === "byte") bytes[length + i] = token.value;
    }
    this.length += tokens.length;
  }

  #addTokens(tokens: readonly HexToken[]): void {
    for (const token of tokens) {
      if (token.kind === "byte") {
        this.#add(token.isNegated ? PART.negated : PART.byte);
        this.#add(token.value & token.mask);
        this.#add(token.mask);
      } else if (token.kind === "jump") {
        this.#add(token.to === undefined ? PART.openJump : PART.jump);
        // Bounds have 32 bits.
        this.#addNumber(token.from);
        if (token.to !== undefined) this.#addNumber(token.to);
      } else {
        for (const branch of token.branches) {
          this.#add(PART.branch);
          this.#addTokens(branch);
        }
        this.#add(PART.end);
      }
    }
  }
}

function isLiteral(tokens: readonly HexToken[]): boolean {
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.kind !== "byte" || token.mask !== 0xff || token.isNegated) return false;
  }
  return true;
}
