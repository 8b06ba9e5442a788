/**
 * SHA-256 of up to 55 bytes, which is one block. Importing `node:crypto` for it costs a program 10 to 25 ms.
 *
 * FIPS 180-4, section 6.2: https://csrc.nist.gov/pubs/fips/180-4/upd1/final
 *
 * @module
 */

const BLOCK_BYTES = 64;
const INITIAL: readonly number[] = [
  0x6a09_e667,
  0xbb67_ae85,
  0x3c6e_f372,
  0xa54f_f53a,
  0x510e_527f,
  0x9b05_688c,
  0x1f83_d9ab,
  0x5be0_cd19,
];
// deno-fmt-ignore
const CONSTANTS: readonly number[] = [
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
  0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
  0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
  0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
  0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
  0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
  0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
  0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
  0xc671_78f2,
];

/** Returns the digest, 32 bytes. `bytes` must be at most 55. */
export function shortSha256(bytes: Uint8Array): Uint8Array {
  const block = new DataView(new ArrayBuffer(BLOCK_BYTES));
  bytes.forEach((byte, i) => block.setUint8(i, byte));
  block.setUint8(bytes.length, 0x80);
  block.setUint32(BLOCK_BYTES - 4, bytes.length * 8);
  const words = Array.from({ length: 16 }, (_, i) => block.getUint32(4 * i));
  for (let i = 16; i < CONSTANTS.length; i++) {
    const [early, late] = [words[i - 15]!, words[i - 2]!];
    const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    words.push((words[i - 16]! + first + words[i - 7]! + second) >>> 0);
  }
  let [a, b, c, d, e, f, g, h]: readonly number[] = INITIAL;
  CONSTANTS.forEach((constant, i) => {
    const choice = (e! & f!) ^ (~e! & g!);
    const first = h! + (rotate(e!, 6) ^ rotate(e!, 11) ^ rotate(e!, 25)) + choice + constant + words[i]!;
    const majority = (a! & b!) ^ (a! & c!) ^ (b! & c!);
    const second = (rotate(a!, 2) ^ rotate(a!, 13) ^ rotate(a!, 22)) + majority;
    [a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d! + first) | 0, e, f, g];
  });
  const digest = new DataView(new ArrayBuffer(32));
  [a, b, c, d, e, f, g, h].forEach((word, i) => digest.setUint32(4 * i, word! + INITIAL[i]!));
  return new Uint8Array(digest.buffer);
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
