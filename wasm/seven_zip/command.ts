/**
 * Command lines for 7-Zip.
 *
 * @module
 */

import { INPUT_PATH, OUTPUT_PATH } from "./guest_files.ts";

/** How to open the archive. */
export interface OpenArguments {
  /** Empty when there is none; 7-Zip never asks for one. */
  readonly password: string;
  readonly excludedFormats: Iterable<string>;
  /** Open as this format, its outermost layer alone. */
  readonly format: string | undefined;
}

/** Lists an archive. */
export function listCommand(open: OpenArguments): string[] {
  return ["l", "-slt", ...commonSwitches(open), "--", INPUT_PATH];
}

/** What to unpack, and how. */
export interface ExtractSelection {
  /** The only paths to unpack; none means all. They stand after `--` and are no patterns. */
  readonly paths: readonly string[];
  /** Whether 7-Zip makes the folders of paths; without, it creates each file under the last part of its path. */
  readonly hasFolders: boolean;
}

/** Unpacks an archive. */
export function extractCommand(open: OpenArguments, { paths, hasFolders }: ExtractSelection): string[] {
  const switches = ["-y", "-aoa", "-spd", "-bb1", `-o${OUTPUT_PATH}`];
  return [hasFolders ? "x" : "e", ...switches, ...commonSwitches(open), "--", INPUT_PATH, ...paths];
}

function commonSwitches(open: OpenArguments): string[] {
  const format = open.format === undefined
    ? [...open.excludedFormats].map((excluded) => `-stx${excluded}`)
    : [`-t${open.format}`];
  return ["-bd", "-bsp0", "-sccUTF-8", ...format, `-p${open.password}`];
}

const MAX_PATHS = 20;
const PLAIN_PATH = /^[A-Za-z0-9][A-Za-z0-9 .()\/-]{0,99}$/;

/** The paths, if they can be named on a command line without doubt: few, short and plain; else none. */
export function selectablePaths(paths: readonly string[]): string[] {
  const isPlain = paths.length <= MAX_PATHS && paths.every((path) => PLAIN_PATH.test(path));
  return isPlain ? [...paths] : [];
}
