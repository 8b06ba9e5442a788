/**
 * Checks the length of files; the lint rule `stoq/function-size` checks that of functions.
 *
 * @module
 */

/** How long a source file is. */
export interface FileSize {
  /** From the folder that was measured. */
  readonly path: string;
  readonly lines: number;
}

const MAX_LINES = 500;
const MAX_MEDIAN_LINES = 120;

/** Files with a ceiling of their own. */
const CEILINGS: Readonly<Record<string, number>> = { "cli.ts": 40, ".github/ARCHITECTURE.md": 140 };

const SOURCE = /\.[cm]?[jt]sx?$/;
const SKIPPED_FOLDERS = new Set(["coverage", "dist", "node_modules", "samples", "testdata"]);
const TABLE = /_table\.ts$/;
const GENERATED = /^\s*(?:\/\/|\/\*+)[\s*]*(?:@?generated)\b/i;

/** Measures the sources below a folder, sorted by path; generated files, tables and tests' data are left out. */
export async function measure(dir: URL): Promise<FileSize[]> {
  const sizes: FileSize[] = [];
  for await (const path of sourcesIn(dir)) {
    const text = await Deno.readTextFile(new URL(path, dir));
    if (!GENERATED.test(text)) sizes.push({ path, lines: text.trimEnd().split("\n").length });
  }
  return sizes.sort((a, b) => a.path < b.path ? -1 : 1);
}

async function* sourcesIn(dir: URL, prefix = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(new URL(prefix, dir))) {
    const path = prefix + name;
    if (isDirectory && !isSkipped(path)) yield* sourcesIn(dir, `${path}/`);
    if (isFile && isMeasured(path)) yield path;
  }
}

function isSkipped(path: string): boolean {
  const name = path.split("/").at(-1) ?? "";
  return path === "tests/cases" || SKIPPED_FOLDERS.has(name) || name.startsWith(".") && name !== ".github";
}

function isMeasured(path: string): boolean {
  return path in CEILINGS || SOURCE.test(path) && !TABLE.test(path);
}

/** Returns a sentence for each file that is too long. */
export function complaints(sizes: readonly FileSize[]): string[] {
  const found = sizes.flatMap(({ path, lines }) => {
    const limit = CEILINGS[path] ?? MAX_LINES;
    return lines > limit ? [`${path} has ${lines} lines: ${limit} are allowed`] : [];
  });
  const median = medianOf(sizes);
  if (median >= MAX_MEDIAN_LINES) {
    found.push(`the median file has ${median} lines: it is to stay under ${MAX_MEDIAN_LINES}`);
  }
  return found;
}

/** Returns the lines of the file in the middle, 0 for no files. */
export function medianOf(sizes: readonly FileSize[]): number {
  const lines = sizes.map((size) => size.lines).sort((a, b) => a - b);
  return lines[Math.floor(lines.length / 2)] ?? 0;
}

if (import.meta.main) {
  const sizes = await measure(new URL("../", import.meta.url));
  const found = complaints(sizes);
  for (const complaint of found) console.log(complaint);
  console.log(`${sizes.length} files, median ${medianOf(sizes)} lines`);
  if (found.length > 0) Deno.exitCode = 1;
}
