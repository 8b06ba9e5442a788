/** The views of the content that lanes look at, made from the raw one. */
import { FOLDED, RAW, XORED } from "../layout";

/** Writes the first `bytes` bytes of the view with ASCII letters in lower case. */
export function foldView(bytes: usize): void {
  const beforeA = i8x16.splat(0x40);
  const afterZ = i8x16.splat(0x5b);
  const caseBit = i8x16.splat(0x20);
  for (let at: usize = 0; at < bytes; at += 16) {
    const raw = v128.load(RAW + at);
    // Signed comparisons: a byte above 127 is below the first letter.
    const isUpper = v128.and(i8x16.gt_s(raw, beforeA), i8x16.lt_s(raw, afterZ));
    v128.store(FOLDED + at, v128.or(raw, v128.and(isUpper, caseBit)));
  }
}

/** Writes each of the first `bytes` bytes of the view XORed with the next one. */
export function xorView(bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(XORED + at, v128.xor(v128.load(RAW + at), v128.load(RAW + at, 1)));
  }
}
