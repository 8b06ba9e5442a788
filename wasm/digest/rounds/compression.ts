/**
 * What the build needs to know of an algorithm to unroll it, and how several are woven into one loop.
 *
 * The text made here is AssemblyScript. It is unrolled because a loop over rounds would spend more on moving the state
 * about than on hashing, and every address in it is a constant because V8, as Deno configures it, checks the bounds of
 * each access whose address it does not know: five instructions a load, more than the round's own arithmetic.
 *
 * @module
 */

/** The compression of one 64-byte block, written out. */
export interface Compression {
  /** Name in capitals: the state lies at `STATE_<NAME>`. */
  readonly name: string;
  /** Locals that hold the state, in the order of the algorithm's words. */
  readonly state: readonly string[];
  /** Declarations of constants outside the function. */
  readonly tables: readonly string[];
  /** Declarations of the other locals. */
  readonly locals: readonly string[];
  /** The block as the algorithm reads it: `raw0`…`raw3` or, bytes of each word swapped, `big0`…`big3`. */
  readonly byteOrder: "raw" | "big";
  /** Statements in order, each about one round long. */
  readonly steps: readonly string[];
}

const QUARTERS = [0, 1, 2, 3];
const SWAP_BYTES = "i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)";

/**
 * Source of an exported function `name(from, to)` that compresses the blocks between two addresses into the states of
 * all the given algorithms, their rounds interleaved: one waits for its own last result while another works.
 */
export function compressionFunction(name: string, algorithms: readonly Compression[]): string {
  const isAnyBig = algorithms.some((algorithm) => algorithm.byteOrder === "big");
  return [
    `export function ${name}(from: usize, to: usize): void {`,
    "let zero = i64x2.splat(0);",
    ...QUARTERS.map((i) => `let raw${i} = zero, big${i} = zero;`),
    ...algorithms.flatMap((algorithm) => algorithm.locals),
    ...algorithms.flatMap(loadState),
    "for (; from < to; from += 64) {",
    ...QUARTERS.map((i) => `raw${i} = v128.load(from, ${i * 16});`),
    ...(isAnyBig ? QUARTERS.map((i) => `big${i} = v128.swizzle(raw${i}, ${SWAP_BYTES});`) : []),
    ...weave(algorithms.map((algorithm) => algorithm.steps)),
    ...algorithms.flatMap(addToState),
    "}",
    "}",
  ].join("\n");
}

/** Merges lists so that each advances evenly and all end together. */
export function weave(lists: readonly (readonly string[])[]): string[] {
  const place = (list: readonly string[], index: number) => (index + 1) / list.length;
  return lists
    .flatMap((list, row) => list.map((step, index) => ({ step, row, at: place(list, index) })))
    .sort((a, b) => a.at - b.at || a.row - b.row)
    .map(({ step }) => step);
}

/** The exclusive or of several vectors. */
export function xorAll(...vectors: string[]): string {
  return vectors.reduce((left, right) => `v128.xor(${left}, ${right})`);
}

/** The same names with the last one first: every round renames the state so. */
export function turned<State extends readonly string[]>(state: State): State {
  return [...state.slice(-1), ...state.slice(0, -1)] as unknown as State;
}

/** A table of 32-bit words, negated, that lies in the module's data. */
export function negatedTable(name: string, words: readonly number[]): string {
  return `const ${name} = memory.data<u32>([${words.map((word) => -word >>> 0).join(", ")}], 16);`;
}

function loadState({ name, state }: Compression): string[] {
  return state.map((local, i) => `let ${local}: u32 = load<u32>(STATE_${name}, ${i * 4});`);
}

function addToState({ name, state }: Compression): string[] {
  return state.map((local, i) =>
    `${local} += load<u32>(STATE_${name}, ${i * 4}); store<u32>(STATE_${name}, ${local}, ${i * 4});`
  );
}
