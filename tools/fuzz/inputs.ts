/**
 * The files that are mutated.
 *
 * @module
 */

import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";

/** Larger files are left alone, in bytes. */
const MAX_SEED_BYTES = 2_000_000;

/** A file to mutate. */
export interface SeedFile {
  /** Path below the folder. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** One mutated file. */
export interface FuzzInput {
  readonly number: number;
  readonly content: Uint8Array<ArrayBuffer>;
  /** Which file it was, and what was done to it. */
  readonly origin: string;
}

/** Reads all files below `folder` up to 2 MB, sorted by path, so that a seed means the same on every machine. */
export function readSeedFiles(folder: string): SeedFile[] {
  const paths = filesBelow(folder, "").sort();
  const files = paths.map((name) => ({ name, content: Deno.readFileSync(`${folder}/${name}`) }));
  const usable = files.filter(({ content }) => content.length > 0 && content.length <= MAX_SEED_BYTES);
  if (usable.length === 0) throw new Error(`No file of at most ${MAX_SEED_BYTES} bytes below ${folder}`);
  return usable;
}

function filesBelow(root: string, folder: string): string[] {
  return [...Deno.readDirSync(`${root}/${folder}`)].flatMap(({ name, isDirectory, isFile }) => {
    if (isDirectory) return filesBelow(root, `${folder}${name}/`);
    if (!isFile) return [];
    const isSmall = Deno.statSync(`${root}/${folder}${name}`).size <= MAX_SEED_BYTES;
    return isSmall ? [folder + name] : [];
  });
}

/** Returns input number `number` of a seed. */
export function makeInput(files: readonly SeedFile[], seed: number, number: number): FuzzInput {
  const random = new Random(seed, number);
  const file = random.pick(files);
  const other = random.pick(files);
  const { content, mutations } = mutate(file.content, other.content, random);
  return { number, content, origin: `${file.name}: ${mutations.join(", ")}` };
}
