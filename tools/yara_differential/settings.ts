/**
 * The flags of `deno task differential`.
 *
 * @module
 */

import { parseArgs } from "node:util";

/** What to compare over what. */
export interface Settings {
  /** Rule files and folders of them. */
  readonly rules: readonly string[];
  /** Files and folders of them. */
  readonly files: readonly string[];
  /** Number of files to plant. */
  readonly planted: number;
  /** Number of random sets of rules. */
  readonly random: number;
  readonly seed: number;
  /** The first one is the authority. */
  readonly engines: readonly string[];
  /** Whether the installed YARA is compared too. */
  readonly hasNative: boolean;
  /** Rules that are compiled together. */
  readonly batch: number;
  /** Folder for reproductions. */
  readonly out: string;
  /** Most differences that are reproduced; making one small takes many scans. */
  readonly reproductions: number;
}

/** How the task is called. */
export const USAGE =
  `deno task differential [--rules PATH]… [--files PATH]… [--planted N] [--random N] [--seed S]
    [--engines yara-x,auto] [--native] [--batch N|all] [--out FOLDER] [--reproductions N]`;

/** Reads flags. @throws {TypeError} for one that is unknown or has a value that can't be */
export function readSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rules: { type: "string", multiple: true, default: [] },
      files: { type: "string", multiple: true, default: [] },
      planted: { type: "string", default: "2000" },
      random: { type: "string", default: "200" },
      seed: { type: "string", default: "1" },
      engines: { type: "string", default: "yara-x,auto" },
      native: { type: "boolean", default: false },
      batch: { type: "string", default: "300" },
      out: { type: "string", default: "differences" },
      reproductions: { type: "string", default: "20" },
    },
  });
  return {
    rules: values.rules,
    files: values.files,
    planted: number("planted", values.planted),
    random: number("random", values.random),
    seed: number("seed", values.seed),
    engines: values.engines.split(",").filter(Boolean),
    hasNative: values.native,
    batch: values.batch === "all" ? Infinity : Math.max(1, number("batch", values.batch)),
    out: values.out,
    reproductions: number("reproductions", values.reproductions),
  };
}

function number(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new TypeError(`--${name} is "${text}", should be a whole number`);
  return Number(text);
}
