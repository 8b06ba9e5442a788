/**
 * Compiled rule sets: where they are kept, and under which keys.
 *
 * @module
 */

import { type CollectedRules, PROGRAM_VERSION, SEALED_FILE_VERSION } from "../../src/yara/mod.ts";
import { TABLES_VERSION } from "../../wasm/core/mod.ts";
import type { Externals } from "../../wasm/yara_x/mod.ts";

/** What compiling depends on besides the rules. */
export interface CompileSettings {
  /** All external variables with values of the types that they keep. */
  readonly externals: Externals;
  /** Whether each file that is named has a namespace of its own. */
  readonly hasNamespaceByFile: boolean;
}

/** Where the sections of compiled rule sets are kept. */
export interface CompiledRuleStore {
  /** Returns the sections of a key; `undefined` when there are none that can be trusted. */
  read(key: string): Promise<readonly Uint8Array[] | undefined>;
  /** Keeps sections under a key. */
  write(key: string, sections: readonly Uint8Array[]): Promise<void>;
}

/** Returns the key of a rule set, which differs when anything differs on which compiling depends. */
export async function compiledKey(
  { pieces, problems, ...rules }: CollectedRules,
  { externals, hasNamespaceByFile }: CompileSettings,
): Promise<string> {
  const types = Object.entries(externals).map((
    [name, value],
  ) => [name, typeof value, Number.isInteger(value)]);
  const versions = [SEALED_FILE_VERSION, PROGRAM_VERSION, TABLES_VERSION];
  const places = pieces.map(({ file, root, firstLine, text }) => [file, root, firstLine, text.length]);
  const contents = rules.contents ?? pieces.map(({ text }) => new TextEncoder().encode(text));
  const sizes = contents.map(({ length }) => length);
  const settings = JSON.stringify([versions, types, hasNamespaceByFile, problems, places, sizes]);
  const content = joined([new TextEncoder().encode(settings), ...contents]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

/** Returns a text with the key on the first line and a section in base64 on each of the others. */
export function compiledText(key: string, sections: readonly Uint8Array[]): string {
  return [key, ...sections.map((section) => section.toBase64())].join("\n") + "\n";
}

/** The one rule set of a text that {@linkcode compiledText} made. */
export class CompiledTextStore implements CompiledRuleStore {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  read(key: string): Promise<readonly Uint8Array[] | undefined> {
    if (!this.#text.startsWith(`${key}\n`)) return Promise.resolve(undefined);
    const lines = this.#text.slice(key.length + 1, -1).split("\n");
    return Promise.resolve(lines.map((line) => Uint8Array.fromBase64(line)));
  }

  /** Does nothing: the text is part of the program. */
  write(): Promise<void> {
    return Promise.resolve();
  }
}
