/**
 * Digests of blocks that the façade copies into `INPUT`. The states lie side by side, so that a stream can be put
 * aside and taken up again by copying `STATE_BYTES`.
 */
import { md5, md5Sha1, md5Sha1Sha256, sha1, sha256 } from "./unrolled";
import { INPUT, INPUT_BYTES, STATE, STATE_BYTES, STATE_MD5, STATE_SHA1, STATE_SHA256 } from "./layout";

const MD5: u32 = 1;
const SHA1: u32 = 2;
const SHA256: u32 = 4;

export function inputAddress(): usize {
  return INPUT;
}

export function inputBytes(): usize {
  return INPUT_BYTES;
}

export function stateAddress(): usize {
  return STATE;
}

export function stateBytes(): usize {
  return STATE_BYTES;
}

/** Starts all digests anew. */
export function start(): void {
  store<u64>(STATE_MD5, 0xefcdab8967452301);
  store<u64>(STATE_MD5, 0x1032547698badcfe, 8);
  store<u64>(STATE_SHA1, 0xefcdab8967452301);
  store<u64>(STATE_SHA1, 0x1032547698badcfe, 8);
  store<u32>(STATE_SHA1, 0xc3d2e1f0, 16);
  store<u64>(STATE_SHA256, 0xbb67ae856a09e667);
  store<u64>(STATE_SHA256, 0xa54ff53a3c6ef372, 8);
  store<u64>(STATE_SHA256, 0x9b05688c510e527f, 16);
  store<u64>(STATE_SHA256, 0x5be0cd191f83d9ab, 24);
}

/** Takes in whole blocks: `bytes` of `INPUT`, a multiple of 64. */
export function absorb(algorithms: u32, bytes: usize): void {
  const end = INPUT + bytes;
  if (algorithms == (MD5 | SHA1 | SHA256)) {
    md5Sha1Sha256(INPUT, end);
    return;
  }
  if ((algorithms & (MD5 | SHA1)) == (MD5 | SHA1)) md5Sha1(INPUT, end);
  else if (algorithms & MD5) md5(INPUT, end);
  else if (algorithms & SHA1) sha1(INPUT, end);
  if (algorithms & SHA256) sha256(INPUT, end);
}

/** Takes in the last `tail` bytes of `INPUT`, fewer than 64, pads, and leaves the digests' bytes in the states. */
export function finish(algorithms: u32, tail: usize, totalBytes: f64): void {
  const bytes: usize = tail < 56 ? 64 : 128;
  const length = INPUT + bytes - 8;
  const bits = <u64>totalBytes << 3;
  store<u8>(INPUT + tail, 0x80);
  for (let at = INPUT + tail + 1; at < length; at++) store<u8>(at, 0);
  // MD5 writes the length with its low byte first, the others with the high byte first.
  store<u64>(length, bits);
  absorb(algorithms & MD5, bytes);
  store<u64>(length, bswap<u64>(bits));
  absorb(algorithms & (SHA1 | SHA256), bytes);
  for (let word = STATE_SHA1; word < STATE + STATE_BYTES; word += 4) store<u32>(word, bswap<u32>(load<u32>(word)));
}
