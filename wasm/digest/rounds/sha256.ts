/**
 * SHA-256 (FIPS 180-4 §6.2), unrolled, with its message schedule four words at a time.
 *
 * @module
 */

import { type Compression, negatedTable, turned, xorAll } from "./compression.ts";

type State = readonly [string, string, string, string, string, string, string, string];

const STATE = ["a", "b", "c", "d", "e", "f", "g", "h"].map((word) => `sha256${word}`) as unknown as State;
// deno-fmt-ignore
const K = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];
/** How many vectors the schedule is ahead of the rounds: enough to hide its latency, few enough to stay in registers. */
const LEAD = 4;
const VECTORS = 16;

/** SHA-256's compression of one block. */
export function sha256(): Compression {
  return {
    name: "SHA256",
    state: STATE,
    tables: [negatedTable("SHA256_NEGATED_K", K)],
    locals: [
      ...[0, 1, 2, 3].map((i) => `let sha256w${i} = zero;`),
      "let sha256x = zero, sha256y = zero, differs0: u32 = 0, differs1: u32 = 0, sum: u32 = 0;",
    ],
    byteOrder: "big",
    steps: [...steps()],
  };
}

function* steps(): Generator<string> {
  for (let vector = 0; vector < LEAD; vector++) yield schedule(vector);
  let state = STATE;
  yield `differs0 = ${state[1]} ^ ${state[2]};`;
  for (let i = 0; i < 64; i++) {
    const ahead = i / 4 + LEAD;
    if (Number.isInteger(ahead) && ahead < VECTORS) yield schedule(ahead);
    yield round(i, state);
    state = turned(state);
  }
}

function round(i: number, [a, b, , d, e, f, g, h]: State): string {
  // Maj(a, b, c) is ((a ^ b) & (b ^ c)) ^ b, and b ^ c is a ^ b of the round before.
  const [ab, bc] = i % 2 === 0 ? ["differs1", "differs0"] : ["differs0", "differs1"];
  const choice = `(((${f} ^ ${g}) & ${e}) ^ ${g})`;
  return [
    `sum = ${h} - load<u32>(SHA256_SCHEDULE, ${i * 4}) + ${choice} + ${bigSigma(e, 6, 11, 25)};`,
    `${d} += sum; ${ab} = ${a} ^ ${b};`,
    `${h} = sum + ((${bc} & ${ab}) ^ ${b}) + ${bigSigma(a, 2, 13, 22)};`,
  ].join(" ");
}

function bigSigma(word: string, p: number, q: number, r: number): string {
  return `(rotr<u32>(${word}, ${p}) ^ rotr<u32>(${word}, ${q}) ^ rotr<u32>(${word}, ${r}))`;
}

/** Words 4 × `vector` onwards, stored with the round's constant and negated, as in MD5. */
function schedule(vector: number): string {
  const negatedConstants = `v128.load(SHA256_NEGATED_K, ${vector * 16})`;
  return `${words(vector)} ` +
    `v128.store(SHA256_SCHEDULE, i32x4.sub(${negatedConstants}, ${name(vector)}), ${vector * 16});`;
}

/** W-16 + σ0(W-15) + W-7 for all four, then σ1(W-2) for the first two, from which it follows for the last two. */
function words(vector: number): string {
  const now = name(vector);
  if (vector < 4) return `${now} = big${vector};`;
  const [w15, w7] = [[4, 3], [2, 1]].map(([left, right]) =>
    `v128.shuffle<i32>(${name(vector - left!)}, ${name(vector - right!)}, 1, 2, 3, 4)`
  );
  const last = name(vector - 1);
  return [
    `sha256x = ${w15}; sha256x = i32x4.add(i32x4.add(${smallSigma0("sha256x")}, ${now}), ${w7});`,
    `sha256y = v128.shuffle<i32>(${last}, ${last}, 2, 2, 3, 3); sha256y = ${smallSigma1("sha256y")};`,
    "sha256x = i32x4.add(sha256x, v128.shuffle<i32>(sha256y, zero, 0, 2, 4, 4));",
    `sha256y = v128.shuffle<i32>(sha256x, sha256x, 0, 0, 1, 1); sha256y = ${smallSigma1("sha256y")};`,
    `${now} = i32x4.add(sha256x, v128.shuffle<i32>(zero, sha256y, 0, 0, 4, 6));`,
  ].join(" ");
}

function smallSigma0(vector: string): string {
  const right = [7, 18, 3].map((bits) => `i32x4.shr_u(${vector}, ${bits})`);
  const left = [25, 14].map((bits) => `i32x4.shl(${vector}, ${bits})`);
  return xorAll(...right, ...left);
}

/** Of a vector in which each word stands twice: a shift of the pair turns the word. */
function smallSigma1(vector: string): string {
  return xorAll(
    `i64x2.shr_u(${vector}, 17)`,
    `i64x2.shr_u(${vector}, 19)`,
    `i32x4.shr_u(${vector}, 10)`,
  );
}

function name(vector: number): string {
  return `sha256w${vector & 3}`;
}
