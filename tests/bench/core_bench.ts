/**
 * The scanning core against a naive loop: `deno run -A tests/bench/core_bench.ts` prints speeds and ratios of one run.
 *
 * Forms and content are made from a seed: words as rules have them, half of them wide, and content of words, zeros and
 * noise with some of the forms in it. With the address of a JSON file of forms (`[{ "b": [bytes], "n": isCaseInsensitive,
 * "f": boundary }]`) and of a folder as arguments, those are looked for in the folder's files. Content is scanned in
 * pieces, and the best time of each piece counts: what else the machine does makes it slower, never faster.
 *
 * @module
 */

import { buildTables, loadTables, type SearchForm } from "../../wasm/core/mod.ts";

const CONTENT_BYTES = 8_000_000;
const PIECE_BYTES = 262_144;
const NAIVE_BYTES = 20_000;
const TURNS = 12;
const COUNTS = [100, 1000, 10_000, 45_000];

const random = randomNumbers(5);
const [formsPath, folder] = Deno.args;
const given = formsPath ? readForms(formsPath) : undefined;
const content = folder ? readFolder(folder) : makeContent(makeForms(1000));

for (const count of COUNTS) {
  const forms = given
    ? given.filter((_, index) => index % Math.ceil(given.length / count) === 0)
    : makeForms(count);
  report(`${forms.length} forms`, forms, content);
}
report(`${COUNTS[0]} forms, zeros`, makeForms(COUNTS[0]!), new Uint8Array(CONTENT_BYTES));

function report(name: string, forms: readonly SearchForm[], content: Uint8Array): void {
  const [tables, buildMs] = timed(() => buildTables(forms));
  const [core, loadMs] = timed(() => loadTables(tables));
  const ours = bestMs(content, (piece) => core.scan(piece)) / content.length;
  const few = forms.slice(0, 1000);
  const part = content.subarray(0, NAIVE_BYTES);
  const [, naiveMs] = timed(() => few.forEach((form) => countNaively(form, part)));
  const naive = naiveMs / few.length * forms.length / part.length;
  console.log(
    name.padEnd(20),
    `${(1 / ours / 1000).toFixed(0)} MB/s`.padStart(10),
    `${(naive / ours).toFixed(0)} times as fast as naively`.padStart(34),
    ` tables ${(tables.length / 1e6).toFixed(1)} MB, built in ${buildMs.toFixed(0)} ms, loaded in ${
      loadMs.toFixed(0)
    } ms`,
  );
}

/** Every offset, byte by byte, without the boundary. */
function countNaively({ bytes, isCaseInsensitive }: SearchForm, content: Uint8Array): number {
  let count = 0;
  for (let offset = 0; offset + bytes.length <= content.length; offset++) {
    let same = 0;
    while (same < bytes.length) {
      const byte = content[offset + same]!;
      const folded = isCaseInsensitive && byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
      if (folded !== bytes[same]) break;
      same++;
    }
    if (same === bytes.length) count++;
  }
  return count;
}

function bestMs(content: Uint8Array, scan: (piece: Uint8Array) => unknown): number {
  let sum = 0;
  for (let from = 0; from < content.length; from += PIECE_BYTES) {
    const piece = content.subarray(from, from + PIECE_BYTES);
    let best = Infinity;
    for (let turn = 0; turn < TURNS; turn++) best = Math.min(best, timed(() => scan(piece))[1]);
    sum += best;
  }
  return sum;
}

function timed<T>(run: () => T): [result: T, ms: number] {
  const start = performance.now();
  const result = run();
  return [result, performance.now() - start];
}

function makeForms(count: number): SearchForm[] {
  return Array.from({ length: count }, (_, index) => {
    const isWide = index % 2 === 1;
    const letters = new TextEncoder().encode(words(5 + random(30)));
    const isCaseInsensitive = index % 5 === 0;
    return {
      bytes: isWide ? Uint8Array.from([...letters].flatMap((letter) => [letter, 0])) : letters,
      isCaseInsensitive,
      boundary: index % 7 > 0 ? "none" : isWide ? "wide" : "byte",
    };
  });
}

function makeContent(forms: readonly SearchForm[]): Uint8Array {
  const content = new Uint8Array(CONTENT_BYTES);
  for (let at = 0; at < content.length;) {
    const choice = random(10);
    const size = 20 + random(400);
    const piece = choice === 0
      ? forms[random(forms.length)]!.bytes
      : choice < 4
      ? new TextEncoder().encode(words(size))
      : choice < 6
      ? new Uint8Array(size)
      : Uint8Array.from({ length: size }, () => random(256));
    content.set(piece.subarray(0, content.length - at), at);
    at += piece.length;
  }
  return content;
}

/** Letters by their frequency, with spaces between. */
function words(length: number): string {
  const letters = "eeeeeeetttttaaaaooooiiiinnnnsssshhrrrddlllcuumwfgypbvk      ..__/\\0123";
  return Array.from({ length }, () => letters[random(letters.length)]).join("");
}

function randomNumbers(seed: number): (below: number) => number {
  return (below) => {
    seed = Math.imul(seed, 1664525) + 1013904223 >>> 0;
    return Math.floor(seed / 2 ** 32 * below);
  };
}

function readForms(path: string): SearchForm[] {
  const records: { b: number[]; n: boolean; f: SearchForm["boundary"] }[] = JSON.parse(
    Deno.readTextFileSync(path),
  );
  return records.map(({ b, n, f }) => ({ bytes: Uint8Array.from(b), isCaseInsensitive: n, boundary: f }));
}

function readFolder(path: string): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(path)) {
    parts.push(isDirectory ? readFolder(`${path}/${name}`) : Deno.readFileSync(`${path}/${name}`));
  }
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
