import assert from "node:assert/strict";
import type { Entry } from "./extraction.ts";
import { affordablePasswords, costsOfEntries, costsOfHeaders } from "./key_derivation.ts";
import { loadSevenZip } from "./mod.ts";
import { fixture } from "./testing/archives.ts";

const sevenZip = await loadSevenZip();

const entry = (method: string | undefined) => ({ isEncrypted: true, method }) as Entry;
const rar5 = (...block: number[]) =>
  Uint8Array.of(0x52, 0x61, 0x72, 0x21, 0x1a, 7, 1, 0, 0, 0, 0, 0, ...block, ...new Uint8Array(40));

Deno.test("the rounds of an entry's key are read from its method", () => {
  const roundsOf = (format: string, ...methods: (string | undefined)[]) =>
    costsOfEntries(methods.map(entry), format);
  assert.deepEqual(roundsOf("7z", "LZMA2:12 7zAES:19"), { rounds: 2 ** 19, isAssumed: false });
  assert.deepEqual(roundsOf("7z", "7zAES:63"), { rounds: 1, isAssumed: false });
  assert.deepEqual(roundsOf("Rar5", "v6:m0:128K AES:15:0", "AES:20:0"), {
    rounds: 2 ** 20,
    isAssumed: false,
  });
  assert.deepEqual(roundsOf("Rar", "m3:128K"), { rounds: 2 ** 18, isAssumed: false });
  assert.deepEqual(roundsOf("zip", "ZipCrypto Store"), { rounds: 1, isAssumed: false });
  assert.deepEqual(roundsOf("zip", "ZipCrypto Store", "AES-256 Store"), { rounds: 1_000, isAssumed: false });
  assert.deepEqual(roundsOf("Dmg", undefined), { rounds: 2 ** 18, isAssumed: true });
  assert.deepEqual(roundsOf("7z"), { rounds: 1, isAssumed: false });
});

Deno.test("the rounds of encrypted headers are read from 7z and RAR 5", () => {
  assert.deepEqual(costsOfHeaders(fixture("header_encrypted.7z"), "7z"), {
    rounds: 2 ** 19,
    isAssumed: false,
  });
  assert.deepEqual(costsOfHeaders(rar5(0x21, 4, 0, 0, 0, 21), "Rar5"), { rounds: 2 ** 21, isAssumed: false });
  assert.deepEqual(costsOfHeaders(rar5(0x21, 1, 0, 0, 0, 21), "Rar5"), { rounds: 2 ** 18, isAssumed: true });
  assert.deepEqual(costsOfHeaders(new Uint8Array(), "Rar"), { rounds: 2 ** 18, isAssumed: false });
});

Deno.test("at least one password is tried, and as many as the limit has rounds for", () => {
  const affordable = (rounds: number) => affordablePasswords({ rounds, isAssumed: false }, 20_000_000);
  assert.deepEqual([1, 1_000, 2 ** 19, 2 ** 30].map(affordable), [20_000_000, 20_000, 38, 1]);
});

for (
  const [name, derivationRounds, kinds] of [
    ["encrypted.7z", 2 ** 20, ["wrong-password", "limit-key-derivation"]],
    ["header_encrypted.7z", 2 ** 20, ["wrong-password", "limit-key-derivation"]],
    ["aes.zip", 2_000, ["wrong-password", "limit-key-derivation"]],
    ["encrypted.7z", 2 ** 21, []],
    ["header_encrypted.7z", 2 ** 21, []],
  ] as const
) {
  Deno.test(`${name} is tried with as many passwords as ${derivationRounds} rounds allow`, () => {
    const passwords = ["wrong", "w2", "secret"];
    const { problems } = sevenZip.extract(fixture(name), { passwords, limits: { derivationRounds } });
    assert.deepEqual(problems.map(({ kind }) => kind), kinds);
    if (kinds.length > 0) {
      assert.match(problems[0]!.detail, /no password fits, 2 tried$/);
      assert.match(
        problems[1]!.detail,
        /^1 password was not tried: key derivation takes \d+ rounds each, the limit/,
      );
    }
  });
}

Deno.test("a password that fits before the limit is no problem", () => {
  const limits = { derivationRounds: 2 ** 19 };
  const { problems } = sevenZip.extract(fixture("encrypted.7z"), { passwords: ["secret", "other"], limits });
  assert.deepEqual(problems, []);
});
