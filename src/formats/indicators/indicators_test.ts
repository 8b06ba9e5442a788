import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { INDICATOR_KINDS } from "../../core/contract/indicators.ts";
import { fc } from "../../deps/testing/fast_check.ts";
import { shortSha256 } from "./short_sha256.ts";
import { findIndicators, type IndicatorKind, indicatorOf, MAX_FOUND_INDICATORS, NORMALISERS } from "./mod.ts";

/** By kind: a text and its normal form; undefined: it has none. */
const CASES: Readonly<Record<IndicatorKind, Readonly<Record<string, string | undefined>>>> = {
  url: {
    "https://EXAMPLE.com:443/A?b#c": "https://example.com/A?b#c",
    "http://bücher.example/ü": "http://xn--bcher-kva.example/%C3%BC",
    "http://0x7f.1/": "http://127.0.0.1/",
    "LDAP://Evil.Example:1389/a": "ldap://evil.example:1389/a",
    "sftp://BÜCHER.example/": "sftp://xn--bcher-kva.example/",
    "http://www.w3.org/1999/xhtml": undefined,
    "http://www.w3.org/Consortium/": "http://www.w3.org/Consortium/",
    "https://schemas.microsoft.com/office/2004/12/omml": undefined,
    "javascript:alert(1)": undefined,
    "file:///C:/x": undefined,
    "http://": undefined,
    "ldap://": undefined,
    "hxxp://example.com": undefined,
    "mailto:a@b.example": undefined,
    "//example.com": undefined,
  },
  domain: {
    "Example.COM.": "example.com",
    "bücher.example": "xn--bcher-kva.example",
    "_dmarc.example.org": "_dmarc.example.org",
    "localhost": undefined,
    "1.2.3.4": undefined,
    "a..b": undefined,
    "-a.com": undefined,
    "a.b/c": undefined,
    "a.123": undefined,
    "%41.com": undefined,
  },
  ipv4: {
    "192.168.0.1": "192.168.0.1",
    "0.0.0.0": "0.0.0.0",
    "256.1.1.1": undefined,
    "010.1.1.1": undefined,
    "1.2.3": undefined,
  },
  ipv6: {
    "2001:0DB8:0:0:1:0:0:1": "2001:db8::1:0:0:1",
    "[::1]": "::1",
    "FE80::1%eth0": "fe80::1",
    "::ffff:192.0.2.1": "::ffff:192.0.2.1",
    "::FFFF:c000:0201": "::ffff:192.0.2.1",
    "2001:db8:0:1:1:1:1:1": "2001:db8:0:1:1:1:1:1",
    "1:2:3": undefined,
    "12:30": undefined,
    "g::1": undefined,
  },
  email: {
    "John.Doe@EXAMPLE.com": "John.Doe@example.com",
    "ü@bücher.example": "ü@xn--bcher-kva.example",
    "a..b@example.com": undefined,
    "@example.com": undefined,
    "a@localhost": undefined,
    "a b@example.com": undefined,
  },
  md5: {
    D41D8CD98F00B204E9800998ECF8427E: "d41d8cd98f00b204e9800998ecf8427e",
    [`${"0".repeat(32)}`]: undefined,
    d41d: undefined,
  },
  sha1: {
    DA39a3ee5e6b4b0d3255bfef95601890afd80709: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    [`${"g".repeat(40)}`]: undefined,
  },
  sha256: { [`${"aB".repeat(32)}`]: "ab".repeat(32), [`${"ab".repeat(31)}`]: undefined },
  file_path: {
    "c:/Windows//System32/": "C:\\Windows\\System32",
    "C:\\": "C:\\",
    '"C:\\a b\\c.exe"': "C:\\a b\\c.exe",
    "\\\\Server\\Share\\x": "\\\\Server\\Share\\x",
    "%TEMP%\\x.exe": "%TEMP%\\x.exe",
    "/etc//passwd": "/etc/passwd",
    "~/.bashrc": "~/.bashrc",
    "a/b": undefined,
    "C:\\a?b": undefined,
    "C:\\a:b": undefined,
    "//comment": undefined,
    "/a\nb": undefined,
  },
  registry_key: {
    "HKLM\\Software\\\\Run\\": "HKEY_LOCAL_MACHINE\\Software\\Run",
    "hkcu:\\Software": "HKEY_CURRENT_USER\\Software",
    "Registry::HKEY_USERS\\S-1-5": "HKEY_USERS\\S-1-5",
    "\\Registry\\Machine\\System": "HKEY_LOCAL_MACHINE\\System",
    "HKLMX\\a": undefined,
    "Software\\Run": undefined,
  },
  mutex: {
    "Global\\MsWinZonesCacheCounterMutexA": "Global\\MsWinZonesCacheCounterMutexA",
    "a\\b": undefined,
    "": undefined,
    " ": undefined,
  },
  user_agent: {
    "User-Agent: Mozilla/4.0  (compatible)": "Mozilla/4.0 (compatible)",
    "": undefined,
    "a\u0000b": undefined,
  },
  bitcoin: {
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy": "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0":
      "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb": undefined,
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5": undefined,
    "1111111111111111111111111111": undefined,
  },
};

for (const kind of INDICATOR_KINDS) {
  Deno.test(`indicators: ${kind} has one spelling, or is none`, () => {
    for (const [text, value] of Object.entries(CASES[kind])) {
      assert.equal(NORMALISERS[kind](text), value, text);
      if (value !== undefined) assert.equal(NORMALISERS[kind](value), value, `${value} again`);
    }
  });
}

Deno.test("indicators: any text is normalised without an error, and twice to the same", () => {
  const piece = fc.constantFrom(
    "http://",
    "a.b",
    "[",
    "::",
    "%",
    "@",
    "\\\\",
    "C:\\",
    "HKLM\\",
    "bc1",
    "ü",
    "\u0000",
    "~/",
    ".",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 6 }).map((all) => all.join("")),
  );
  const property = fc.property(fc.constantFrom(...INDICATOR_KINDS), text, (kind, text) => {
    const value = NORMALISERS[kind](text);
    if (value !== undefined) assert.equal(NORMALISERS[kind](value), value);
    findIndicators(text);
  });
  fc.assert(property, { seed: 1, numRuns: 5_000 });
});

Deno.test("indicators: raw is there where the spelling differs", () => {
  assert.deepEqual(indicatorOf("md5", "D41D8CD98F00B204E9800998ECF8427E", { offset: 7 }), {
    kind: "md5",
    value: "d41d8cd98f00b204e9800998ecf8427e",
    raw: "D41D8CD98F00B204E9800998ECF8427E",
    offset: 7,
  });
  assert.deepEqual(indicatorOf("ipv4", "1.2.3.4"), { kind: "ipv4", value: "1.2.3.4" });
});

Deno.test("indicators: free text gives URLs, mail, IPv4 and Bitcoin", () => {
  const text = `
    <a href="http://a.example/x?y=1&z=(2)">x</a> (see http://b.example/c_(d)). ftp://c.example/e,
    mail me@d.example or you@[e] at 10.1.2.3:80; version 1.2.3.4, v=5.6.7.8, 4.0.0.0, 1.2.3.4.5, x1.2.3.4
    again http://A.example/x?y=1&z=(2) xmlns="http://schemas.openxmlformats.org/drawingml"
    pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa not 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb
    http://user@host.example:8080/1.1.1.1/me@f.example`;
  const { indicators, isTruncated } = findIndicators(text, { baseOffset: 100, context: "body" });
  assert.deepEqual(indicators.map(({ kind, value }) => `${kind} ${value}`), [
    "url http://a.example/x?y=1&z=(2)",
    "url http://b.example/c_(d)",
    "url ftp://c.example/e",
    "email me@d.example",
    "ipv4 10.1.2.3",
    "bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "url http://user@host.example:8080/1.1.1.1/me@f.example",
  ]);
  assert.equal(indicators[4]!.offset, 100 + text.indexOf("10.1.2.3"));
  assert.equal(indicators[4]!.context, "body");
  assert.ok(!isTruncated);
});

Deno.test("indicators: a text with too many gives the first ones", () => {
  const text = Array.from({ length: MAX_FOUND_INDICATORS + 1 }, (_, i) => `http://a.example/${i}`).join(" ");
  const { indicators, isTruncated } = findIndicators(text);
  assert.equal(indicators.length, MAX_FOUND_INDICATORS);
  assert.ok(isTruncated);
});

Deno.test("indicators: the digest of a short text is SHA-256", () => {
  for (let length = 0; length <= 55; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
    assert.equal(shortSha256(bytes).toHex(), createHash("sha256").update(bytes).digest("hex"));
  }
});
