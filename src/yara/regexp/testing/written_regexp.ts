/**
 * Regular expressions as they are written in rules, compiled for tests.
 *
 * @module
 */

import type { Modifiers } from "../../syntax.ts";
import { type CompiledRegexp, compileRegexp } from "../compiled_regexp.ts";
import type { RunHit } from "../matches.ts";

/** A character for each byte of a text, as in the syntax tree. */
export function byteText(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** Bytes of a text in which each character is one. */
export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** Compiles what stands behind `$a =` in a rule. */
export function compileWritten(written: string): CompiledRegexp | { readonly problem: string } {
  const [, source, flags, words] = /^\/(.*)\/([is]*)((?: \w+)*)$/s.exec(written)!;
  const has = (word: string) => words!.split(" ").includes(word);
  const modifiers: Modifiers = {
    ...has("ascii") && { isAscii: true },
    ...has("wide") && { isWide: true },
    ...has("nocase") && { isNocase: true },
    ...has("fullword") && { isFullword: true },
  };
  return compileRegexp({
    source: byteText(source!),
    ...flags!.includes("i") && { isCaseInsensitive: true },
    ...flags!.includes("s") && { isDotAll: true },
  }, modifiers);
}

/** All places where runs stand, found the slow way. */
export function hitsOf(regexp: CompiledRegexp, content: Uint8Array): RunHit[] {
  if (regexp.runs === "none") return [];
  return regexp.runs.flatMap(({ bytes, isCaseInsensitive }, run) => {
    const hits: RunHit[] = [];
    for (let at = 0; at + bytes.length <= content.length; at++) {
      if (bytes.every((byte, index) => byte === folded(content[at + index]!, isCaseInsensitive))) {
        hits.push([run, at]);
      }
    }
    return hits;
  });
}

function folded(byte: number, isCaseInsensitive: boolean): number {
  return isCaseInsensitive && byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}
