/**
 * SHA-1 (FIPS 180-4 §6.1), unrolled, with its message schedule four words at a time.
 *
 * @module
 */

import { type Compression, negatedTable, turned, xorAll } from "./compression.ts";

type State = readonly [a: string, b: string, c: string, d: string, e: string];

const STATE: State = ["sha1a", "sha1b", "sha1c", "sha1d", "sha1e"];
const K = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];
/** How many vectors the schedule is ahead of the rounds: enough to hide its latency, few enough to stay in registers. */
const LEAD = 4;
const VECTORS = 20;

/** SHA-1's compression of one block. */
export function sha1(): Compression {
  return {
    name: "SHA1",
    state: STATE,
    tables: [
      negatedTable("SHA1_NEGATED_K", K.flatMap((constant) => [constant, constant, constant, constant])),
    ],
    locals: Array.from({ length: 8 }, (_, i) => `let sha1w${i} = zero;`).concat(
      "let sha1x = zero, sha1y = zero;",
    ),
    byteOrder: "big",
    steps: [...steps()],
  };
}

function* steps(): Generator<string> {
  for (let vector = 0; vector < LEAD; vector++) yield schedule(vector);
  let state = STATE;
  for (let i = 0; i < 80; i++) {
    const ahead = i / 4 + LEAD;
    if (Number.isInteger(ahead) && ahead < VECTORS) yield schedule(ahead);
    const [a, b, , , e] = state;
    yield `${e} = ${e} - load<u32>(SHA1_SCHEDULE, ${i * 4}) + ${mix(i, state)} + rotl<u32>(${a}, 5); ` +
      `${b} = rotl<u32>(${b}, 30);`;
    state = turned(state);
  }
}

/** Ch, Parity and Maj of FIPS 180-4 §4.1.1. */
function mix(i: number, [, b, c, d]: State): string {
  if (i < 20) return `(${d} ^ (${b} & (${c} ^ ${d})))`;
  if (i >= 40 && i < 60) return `(${b} & ${c}) + (${d} & (${b} ^ ${c}))`;
  return `(${b} ^ (${c} ^ ${d}))`;
}

/** Words 4 × `vector` onwards, stored with the round's constant and negated, as in MD5. */
function schedule(vector: number): string {
  const negatedConstant = `v128.load(SHA1_NEGATED_K, ${Math.floor(vector / 5) * 16})`;
  return `${words(vector)} v128.store(SHA1_SCHEDULE, i32x4.sub(${negatedConstant}, ${name(vector)}), ${
    vector * 16
  });`;
}

function words(vector: number): string {
  const now = name(vector);
  const before = (count: number) => name(vector - count);
  if (vector < 4) return `${now} = big${vector};`;
  const w14 = `v128.shuffle<i32>(${before(4)}, ${before(3)}, 2, 3, 4, 5)`;
  if (vector < 8) {
    // The fourth word depends on the first, which is turned once more and put in afterwards.
    const w3 = `v128.shuffle<i32>(${before(1)}, zero, 1, 2, 3, 4)`;
    return `sha1x = ${
      xorAll(before(4), w14, before(2), w3)
    }; sha1y = v128.shuffle<i32>(zero, sha1x, 0, 1, 2, 4); ` +
      `${now} = ${xorAll(rotl("sha1x", 1), rotl("sha1y", 2))};`;
  }
  // Put in itself, the recurrence reaches twice as far back and turns by 2: W-6, W-16, W-28, W-32.
  const w6 = `v128.shuffle<i32>(${before(2)}, ${before(1)}, 2, 3, 4, 5)`;
  return `sha1x = ${xorAll(before(8), before(7), before(4), w6)}; ${now} = ${rotl("sha1x", 2)};`;
}

function name(vector: number): string {
  return `sha1w${vector & 7}`;
}

function rotl(vector: string, bits: number): string {
  return `v128.or(i32x4.shl(${vector}, ${bits}), i32x4.shr_u(${vector}, ${32 - bits}))`;
}
