/**
 * Reads the words of a command line by the option table, as far as that is possible before the plugins are known.
 *
 * `node:util`'s parseArgs has no flag that takes several words.
 *
 * @module
 */

import {
  commandsOf,
  OPTION_ENTRIES,
  type OptionKey,
  type OptionRecord,
  OPTIONS,
} from "../config/option_table.ts";
import { nearestName } from "../core/contract/nearest.ts";
import { printable } from "../core/contract/printable.ts";

/** One part of a command line. */
export type Part =
  | { readonly kind: "value"; readonly key: OptionKey; readonly value: string | boolean }
  /** A flag that takes a list, and the words up to the next flag: values first, then PATHs. */
  | { readonly kind: "list"; readonly key: OptionKey; readonly words: readonly string[] }
  /** A word that belongs to no flag; `isLiteral` after `--`, where every word is a PATH. */
  | { readonly kind: "path"; readonly word: string; readonly isLiteral: boolean };

/** A command line in which a list flag still holds all words that follow it, values and PATHs. */
export interface Arguments {
  /** In the order of the command line. */
  readonly parts: readonly Part[];
  readonly isHelpAsked: boolean;
  readonly problems: readonly string[];
}

type FlagEntry = readonly [OptionKey, OptionRecord];

/** Reads the words that follow a command. All problems are collected. */
export function readArguments(words: readonly string[], command: string): Arguments {
  const reader = new ArgumentReader(words, command);
  reader.read();
  return reader;
}

/** Returns the values of the flags that take a single value, or none; flags that take a list are left out. */
export function singleValues(parts: readonly Part[]): Map<OptionKey, string | boolean | string[]> {
  const values = new Map<OptionKey, string | boolean | string[]>();
  for (const part of parts) {
    if (part.kind !== "value") continue;
    const { key, value } = part;
    // Each use of the flag adds one value, which may hold commas.
    if ((OPTIONS[key] as OptionRecord).flag?.isRepeated) {
      values.set(key, [...(values.get(key) as string[] | undefined ?? []), `${value}`]);
    } else values.set(key, value);
  }
  return values;
}

class ArgumentReader implements Arguments {
  readonly parts: Part[] = [];
  readonly problems: string[] = [];
  isHelpAsked = false;
  readonly #words: readonly string[];
  readonly #flags: readonly FlagEntry[];
  #next = 0;

  constructor(words: readonly string[], command: string) {
    this.#words = words;
    this.#flags = OPTION_ENTRIES.filter(([, record]) => record.flag && commandsOf(record).includes(command));
  }

  read(): void {
    while (this.#next < this.#words.length) {
      const word = this.#words[this.#next++]!;
      if (word === "--") {
        const rest = this.#words.slice(this.#next);
        this.parts.push(...rest.map((word) => ({ kind: "path", word, isLiteral: true } as const)));
        return;
      }
      if (word === "-h" || word === "--help") this.isHelpAsked = true;
      else if (word.startsWith("--")) this.#takeLong(word.slice(2));
      else if (isFlag(word)) this.#takeShort(word.slice(1));
      else this.parts.push({ kind: "path", word, isLiteral: false });
    }
  }

  #takeLong(word: string): void {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    const entry = this.#findLong(name);
    if (entry) this.#takeValue(entry, equals < 0 ? undefined : word.slice(equals + 1));
  }

  /** `-a hash`, `-ahash`. */
  #takeShort(word: string): void {
    const entry = this.#flags.find(([, record]) => record.flag?.short === word[0]);
    if (entry) this.#takeValue(entry, word.length > 1 ? word.slice(1).replace(/^=/, "") : undefined);
    else this.problems.push(`"-${printable(word)}" is not a flag of this command`);
  }

  /** An exact name, or the start of exactly one. */
  #findLong(written: string): FlagEntry | undefined {
    // stoQ has always written --install_dir.
    const name = written.replaceAll("_", "-");
    const exact = this.#flags.find(([, record]) => record.flag?.long === name);
    if (exact) return exact;
    const begun = this.#flags.filter(([, record]) => record.flag?.long.startsWith(name));
    if (begun.length === 1 && name !== "") return begun[0];
    const names = this.#flags.map(([, record]) => record.flag!.long);
    const nearest = nearestName(name, names);
    const hint = begun.length > 1 && name !== ""
      ? `: it may be ${begun.map(([, record]) => `--${record.flag?.long}`).join(" or ")}`
      : nearest
      ? `, did you mean "--${nearest}"?`
      : "";
    this.problems.push(`"--${printable(written)}" is not a flag of this command${hint}`);
    return undefined;
  }

  #takeValue([key, record]: FlagEntry, attached: string | undefined): void {
    if (record.flag?.value === undefined) {
      this.parts.push({ kind: "value", key, value: attached ?? true });
    } else if (record.type === "list" && !record.flag.isRepeated) {
      const words = attached === undefined ? this.#takeWords() : [attached, ...this.#takeWords()];
      this.parts.push({ kind: "list", key, words });
    } else {
      const value = attached ?? this.#takeWord();
      if (value === undefined) {
        this.problems.push(`--${record.flag.long} needs a value: ${record.flag.value}`);
      } else this.parts.push({ kind: "value", key, value });
    }
  }

  /** The words up to the next flag. */
  #takeWords(): string[] {
    const start = this.#next;
    while (this.#next < this.#words.length && !isFlag(this.#words[this.#next]!)) this.#next++;
    return this.#words.slice(start, this.#next);
  }

  /** Takes the next word unless it is a flag. A negative number is taken and reported as a wrong value. */
  #takeWord(): string | undefined {
    const word = this.#words[this.#next];
    if (word === undefined || isFlag(word) && !/^-\d/.test(word)) return undefined;
    this.#next++;
    return word;
  }
}

/** A lone `-` is standard input, not a flag. */
function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}
