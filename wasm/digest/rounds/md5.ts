/**
 * MD5 (RFC 1321), unrolled.
 *
 * Each round waits for the one before, so what counts is the way from one round's `b` to the next, not the number of
 * instructions: it takes four or five cycles, and that bounds MD5 on any machine.
 *
 * @module
 */

import { type Compression, turned } from "./compression.ts";

type State = readonly [a: string, b: string, c: string, d: string];

const STATE: State = ["md5a", "md5b", "md5c", "md5d"];
const SHIFTS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]] as const;

/** MD5's compression of one block. */
export function md5(): Compression {
  return {
    name: "MD5",
    state: STATE,
    tables: [],
    locals: ["let parity: u32 = 0;"],
    byteOrder: "raw",
    steps: [storeNegatedWords(), ...rounds()],
  };
}

/** Words are kept negated: V8 makes one instruction of `a - memory`, but two of `a + memory`. */
function storeNegatedWords(): string {
  return [0, 1, 2, 3].map((i) => `v128.store(MD5_WORDS, i32x4.sub(zero, raw${i}), ${i * 16});`).join(" ");
}

function* rounds(): Generator<string> {
  let state = STATE;
  for (let i = 0; i < 64; i++) {
    const [a, b] = state;
    const shift = SHIFTS[i >> 4]![i & 3]!;
    yield `${mix(i, state)} ${a} = ${b} + rotl<u32>(${a}, ${shift});`;
    state = turned(state);
  }
}

/** Adds word, constant and the quarter's function F, G, H or I to `a`. */
function mix(i: number, [a, b, c, d]: State): string {
  const sine = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32);
  const sum = (word: number) => `${a} = ${a} - load<u32>(MD5_WORDS, ${(word & 15) * 4}) + ${sine}`;
  if (i < 16) return `${sum(i)} + (((${c} ^ ${d}) & ${b}) ^ ${d});`;
  // The two halves have no bit in common, so they may be added, and the one without b is there early.
  if (i < 32) return `${sum(5 * i + 1)} + (${c} & ~${d}) + (${b} & ${d});`;
  // c ^ d of a round is b ^ c of the round before.
  const start = i === 32 ? `parity = ${c} ^ ${d}; ` : "";
  if (i < 48) return `${start}parity ^= ${b}; ${sum(3 * i + 5)} + parity; parity ^= ${d};`;
  return `${sum(7 * i)} + (${c} ^ (${b} | ~${d}));`;
}
