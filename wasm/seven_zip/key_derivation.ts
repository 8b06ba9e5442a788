/**
 * How much work one password costs: rounds of the hash that derives a key from it, as the archive declares them.
 *
 * Formats: 7zFormat.txt of 7-Zip's sources, RAR 5's https://www.rarlab.com/technote.htm, WinZip's AES
 * https://www.winzip.com/en/support/aes-encryption/ (PBKDF2 with 1,000 rounds).
 *
 * @module
 */

import type { Entry, Problem } from "./extraction.ts";
import { completeProblem, type Limits } from "./harvest.ts";
import { encryptedHeaderPower } from "./seven_zip_header.ts";

/** What is known of one password's costs. */
export interface DerivationCosts {
  readonly rounds: number;
  /** Whether the archive does not declare them. */
  readonly isAssumed: boolean;
}

/** RAR 3 and 4 always hash 2^18 times; where the number is not known it is taken to be as many. */
const ROUNDS_OF_RAR = 2 ** 18;

const ROUNDS_OF_ZIP_AES = 1_000;

/** `7zAES:19` and `AES:15:0`: the binary logarithm of the rounds. */
const POWER = /AES:(\d{1,2})/;

/** In a 7z archive the password is the key without being hashed. */
const NO_ROUNDS = 0x3f;

const RAR_5_SIGNATURE = [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07, 0x01, 0x00];
const RAR_5_ENCRYPTION_BLOCK = 4;
/** Behind the signature and a checksum: size, type, flags, version and flags of the encryption, each of one byte; then the power. */
const RAR_5_TYPE_AT = 13;
const RAR_5_POWER_AT = 17;

/** Returns the costs for the headers, which are encrypted themselves. */
export function costsOfHeaders(content: Uint8Array, format: string | undefined): DerivationCosts {
  const power = encryptedHeaderPower(content) ?? rar5Power(content);
  if (power !== undefined) return { rounds: roundsOf(power), isAssumed: false };
  return { rounds: ROUNDS_OF_RAR, isAssumed: format !== "Rar" };
}

/** Returns the costs for the entries, by their methods: those of the dearest. */
export function costsOfEntries(entries: readonly Entry[], format: string): DerivationCosts {
  const all = entries.filter(({ isEncrypted }) => isEncrypted).map(({ method }) =>
    roundsOfMethod(method, format)
  );
  const known = all.filter((rounds) => rounds !== undefined);
  const rounds = Math.max(1, ...new Set(known), known.length < all.length ? ROUNDS_OF_RAR : 0);
  return { rounds, isAssumed: known.length < all.length && rounds === ROUNDS_OF_RAR };
}

/** Returns how many passwords may be tried, at least one: the formats allow no more than 2^24 rounds. */
export function affordablePasswords({ rounds }: DerivationCosts, maxRounds: number): number {
  return Math.max(1, Math.floor(maxRounds / rounds));
}

/** Returns the problem of passwords that were not tried. */
export function tooManyRounds(
  { rounds, isAssumed }: DerivationCosts,
  untried: number,
  { derivationRounds }: Pick<Limits, "derivationRounds">,
): Problem {
  const count = `${untried} ${untried === 1 ? "password was" : "passwords were"} not tried`;
  const each = isAssumed
    ? `${rounds} rounds assumed for each, since the archive does not declare them`
    : `${rounds} rounds each`;
  return completeProblem({
    kind: "limit-key-derivation",
    detail: `${count}: key derivation takes ${each}, the limit is ${derivationRounds}`,
  });
}

function roundsOfMethod(method: string | undefined, format: string): number | undefined {
  const power = method === undefined ? undefined : POWER.exec(method)?.[1];
  if (power !== undefined) return roundsOf(Number(power));
  if (format === "zip") return method?.includes("AES") ? ROUNDS_OF_ZIP_AES : 1;
  return format === "Rar" ? ROUNDS_OF_RAR : undefined;
}

function roundsOf(power: number): number {
  return power === NO_ROUNDS ? 1 : 2 ** power;
}

function rar5Power(content: Uint8Array): number | undefined {
  const isRar5 = RAR_5_SIGNATURE.every((byte, index) => content[index] === byte);
  return isRar5 && content[RAR_5_TYPE_AT] === RAR_5_ENCRYPTION_BLOCK ? content[RAR_5_POWER_AT] : undefined;
}
