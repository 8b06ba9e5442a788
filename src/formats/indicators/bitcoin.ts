/**
 * Addresses of Bitcoin, whose checksums are verified.
 *
 * Base58: https://en.bitcoin.it/wiki/Base58Check_encoding; SegWit: BIP 173 and BIP 350.
 *
 * @module
 */

import { shortSha256 } from "./short_sha256.ts";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const ADDRESS_BYTES = 25;
const CHECKSUM_BYTES = 4;
/** Versions of P2PKH and P2SH on the main network. */
const VERSIONS: readonly number[] = [0, 5];
const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
/** Checksums of version 0 and of later versions. */
const [BECH32_CONSTANT, BECH32M_CONSTANT] = [1, 0x2bc8_30a3];

/** Returns an address of the main network; addresses that begin with `bc1` are in lower case. */
export function normaliseBitcoin(text: string): string | undefined {
  if (/^[13][1-9A-HJ-NP-Za-km-z]{24,34}$/.test(text)) return isBase58Address(text) ? text : undefined;
  const isOneCase = text === text.toLowerCase() || text === text.toUpperCase();
  const lower = text.toLowerCase();
  return isOneCase && /^bc1[02-9ac-hj-np-z]{11,71}$/.test(lower) && isSegwitAddress(lower)
    ? lower
    : undefined;
}

function isBase58Address(text: string): boolean {
  let value = 0n;
  for (const digit of text) value = value * 58n + BigInt(BASE58.indexOf(digit));
  const hex = value.toString(16).padStart(ADDRESS_BYTES * 2, "0");
  if (hex.length !== ADDRESS_BYTES * 2) return false;
  const bytes = Uint8Array.fromHex(hex);
  const payload = bytes.subarray(0, -CHECKSUM_BYTES);
  const checksum = shortSha256(shortSha256(payload)).subarray(0, CHECKSUM_BYTES);
  return VERSIONS.includes(bytes[0]!) && checksum.every((byte, i) => byte === bytes[payload.length + i]);
}

/** The part `bc` in front of the separator, expanded as the checksum wants it. */
const PREFIX = [3, 3, 0, 2, 3];

function isSegwitAddress(text: string): boolean {
  const values = Array.from(text.slice(3), (digit) => BECH32.indexOf(digit));
  const version = values[0]!;
  let checksum = 1;
  for (const value of [...PREFIX, ...values]) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ff_ffff) << 5) ^ value;
    GENERATOR.forEach((word, i) => checksum ^= (top >>> i) & 1 ? word : 0);
  }
  return version <= 16 && checksum === (version === 0 ? BECH32_CONSTANT : BECH32M_CONSTANT);
}
