/**
 * Reads the words of a command line by the option table.
 *
 * `node:util`'s parseArgs knows no flag that takes several words, and importing it costs a fifth of an empty program's start.
 *
 * @module
 */

import { commandsOf, OPTION_ENTRIES, type OptionKey, type OptionRecord } from "../config/option_table.ts";
import { nearestName } from "../core/nearest.ts";
import { printable } from "../core/printable.ts";

/** List flags whose words are assignments, which may hold commas and paths of their own. */
export const ASSIGNMENTS: readonly OptionKey[] = ["pluginOpts", "sandbox", "requestExtra"];

/** A list flag whose last word may be an operand, since it has others. */
export interface OpenList {
  readonly key: OptionKey;
  /** As it was written, with its commas. */
  readonly lastWord: string;
  /** How many of the flag's values came from that word. */
  readonly lastParts: number;
}

/** What a command line says. */
export interface Arguments {
  readonly values: Map<OptionKey, string | boolean | string[]>;
  /** Words that belong to no flag. */
  readonly operands: readonly string[];
  /** In the order in which they ended. */
  readonly openLists: readonly OpenList[];
  readonly isHelpAsked: boolean;
  readonly problems: readonly string[];
}

type FlagEntry = readonly [OptionKey, OptionRecord];

/** Reads the words that follow a command. Everything wrong is collected. */
export function readArguments(words: readonly string[], command: string): Arguments {
  const reader = new ArgumentReader(words, command);
  reader.read();
  return reader;
}

class ArgumentReader implements Arguments {
  readonly values = new Map<OptionKey, string | boolean | string[]>();
  readonly operands: string[] = [];
  readonly problems: string[] = [];
  openLists: OpenList[] = [];
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
        this.openLists = [];
        this.operands.push(...this.#words.slice(this.#next));
        return;
      }
      if (word === "-h" || word === "--help") this.isHelpAsked = true;
      else if (word.startsWith("--")) this.#takeLong(word.slice(2));
      else if (isFlag(word)) this.#takeShort(word.slice(1));
      else this.operands.push(word);
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
    if (record.flag?.value === undefined) this.values.set(key, attached ?? true);
    else if (record.type === "list" || record.type === "path-list") this.#takeList(key, record, attached);
    else {
      const value = attached ?? this.#takeWord();
      if (value === undefined) {
        this.problems.push(`--${record.flag.long} needs a value: ${record.flag.value}`);
      } else this.values.set(key, value);
    }
  }

  /** Words up to the next flag, on top of those of an earlier flag of the same name. */
  #takeList(key: OptionKey, record: OptionRecord, attached: string | undefined): void {
    const words: string[] = attached === undefined ? [] : [attached];
    for (let word = this.#takeWord(); word !== undefined; word = this.#takeWord()) words.push(word);
    if (words.length === 0) this.problems.push(`--${record.flag?.long} needs a value: ${record.flag?.value}`);
    const split = (word: string) =>
      ASSIGNMENTS.includes(key) ? [word] : word.split(",").filter((part) => part !== "");
    const parts = words.flatMap(split);
    this.values.set(key, [...(this.values.get(key) as string[] | undefined ?? []), ...parts]);
    this.openLists = this.openLists.filter((open) => open.key !== key);
    if (words.length < 2) return;
    const lastWord = words.at(-1)!;
    this.openLists.push({ key, lastWord, lastParts: split(lastWord).length });
  }

  #takeWord(): string | undefined {
    const word = this.#words[this.#next];
    if (word === undefined || word === "--" || isFlag(word)) return undefined;
    this.#next++;
    return word;
  }
}

/** A lone `-` is standard input, not a flag. */
function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}
