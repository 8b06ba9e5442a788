/**
 * The forms in which a text may stand in a file: those that its modifiers ask for, and near misses.
 *
 * @module
 */

import type { TextPattern } from "../../src/yara/mod.ts";
import type { Random } from "./random.ts";

const STANDARD_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Every byte followed by a zero. */
export function toWide(bytes: Uint8Array): Uint8Array {
  const wide = new Uint8Array(bytes.length * 2);
  for (const [i, byte] of bytes.entries()) wide[2 * i] = byte;
  return wide;
}

/** Letters of ASCII in a random case. */
export function flipCase(random: Random, bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) =>
    /[A-Za-z]/.test(String.fromCharCode(byte)) && random.isOnceIn(2) ? byte ^ 0x20 : byte
  );
}

/** Every byte XORed with a key. */
export function withKey(bytes: Uint8Array, key: number): Uint8Array {
  return bytes.map((byte) => byte ^ key);
}

/** The base64 text of bytes that stand `phase` bytes behind a multiple of three, in an alphabet of 64 characters. */
export function toBase64(random: Random, bytes: Uint8Array, phase: number, alphabet: string): Uint8Array {
  const padded = new Uint8Array([...random.bytes(phase), ...bytes, ...random.bytes(random.int(0, 2))]);
  const text = padded.toBase64();
  const letters = alphabet.length === 64 ? alphabet : STANDARD_ALPHABET;
  return Uint8Array.from(text, (letter) => {
    const index = STANDARD_ALPHABET.indexOf(letter);
    return index < 0 ? letter.charCodeAt(0) : letters.charCodeAt(index);
  });
}

/** A form that the pattern is to match. */
export function matchingText(random: Random, { bytes, modifiers }: TextPattern): Uint8Array {
  const isWide = modifiers.isWide === true && (modifiers.isAscii !== true || random.isOnceIn(2));
  const forms = ["base64", "base64wide"] as const;
  const asked = forms.filter((form) => modifiers[form] !== undefined);
  if (asked.length > 0) {
    const form = random.pick(asked);
    const inner = isWide ? toWide(bytes) : bytes;
    const encoded = toBase64(random, inner, random.int(0, 2), modifiers[form]!);
    return form === "base64wide" ? toWide(encoded) : encoded;
  }
  const cased = modifiers.isNocase ? flipCase(random, bytes) : bytes;
  const spread = isWide ? toWide(cased) : cased;
  return modifiers.xor ? withKey(spread, random.int(modifiers.xor.from, modifiers.xor.to)) : spread;
}

/** Any form, most of which the pattern is not to match. */
export function strangeText(random: Random, pattern: TextPattern): Uint8Array {
  const { bytes } = pattern;
  switch (random.int(0, 6)) {
    case 0:
      return cut(random, matchingText(random, pattern));
    case 1:
      return flipCase(random, matchingText(random, pattern));
    case 2:
      return toWide(bytes);
    case 3:
      return withKey(random.isOnceIn(2) ? toWide(bytes) : bytes, random.int(0, 255));
    case 4:
      return toBase64(random, bytes, random.int(0, 2), STANDARD_ALPHABET);
    case 5:
      return toWide(toBase64(random, bytes, random.int(0, 2), STANDARD_ALPHABET));
    default:
      return spoil(random, matchingText(random, pattern));
  }
}

/** A part of bytes. */
export function cut(random: Random, bytes: Uint8Array): Uint8Array {
  const start = random.isOnceIn(2) ? 0 : random.int(0, bytes.length - 1);
  return bytes.slice(start, random.isOnceIn(2) ? bytes.length : random.int(start, bytes.length));
}

/** Bytes with one of them changed. */
export function spoil(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  if (copy.length > 0) copy[random.int(0, copy.length - 1)]! ^= 1 << random.int(0, 7);
  return copy;
}
