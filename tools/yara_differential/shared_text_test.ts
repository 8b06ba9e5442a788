import assert from "node:assert/strict";
import { poolRule } from "./rule_pool.ts";
import { openSubject, type Subject } from "./subject.ts";
import type { Verdict } from "./verdict.ts";

const raw = await openSubject("yara-x:raw");
const others = [await openSubject("yara-x"), await openSubject("auto")];

/** Whether raw yara-x finds `$a` for a second rule; the others must. `strings` are those of the first rule. */
async function isFound(condition: string, strings = "", later = "$a", value = '"foobar"'): Promise<boolean> {
  const rules = [
    `rule first { strings: $a = ${value} ${strings} condition: ${condition} }`,
    `rule later { strings: $a = ${value} condition: ${later} }`,
  ];
  for (const other of others) assert.ok(await isLaterFound(other, rules), `${other.name}: ${condition}`);
  return await isLaterFound(raw, rules);
}

async function isLaterFound(subject: Subject, rules: readonly string[]): Promise<boolean> {
  const compiled = await subject.compile(rules.map((text) => poolRule("test", text)), { external: false });
  assert.deepEqual([...compiled.refused], []);
  const [verdict] = await compiled.scan([new TextEncoder().encode("a foobar")], {});
  await compiled.free();
  return (verdict as Verdict).has("later");
}

Deno.test("yara-x by itself loses a text that an earlier rule has too, where that rule can't match this file", async () => {
  const conditions = [
    ...[
      "filesize < 5",
      "filesize <= 5",
      "5 > filesize",
      "filesize > 100",
      "filesize < 2 + 3",
      "filesize < 5.5",
    ],
    ...[
      "uint16(0) == 0x5a4d",
      "0x5a4d == uint16(0)",
      "int8(0) == 1",
      "uint32be(1 - 1) == 1",
      "uint8(0) == -1",
    ],
  ];
  for (const condition of conditions) {
    assert.equal(await isFound(`${condition} and $a`), false, condition);
    assert.equal(await isFound(`$a and ($a and ${condition})`), false, condition);
    assert.equal(await isFound(`${condition} and $a`, "", "$a and filesize < 100"), false, condition);
    assert.equal(await isFound(`${condition} and $a`, "", "$a and uint16(0) == 0x2061"), false, condition);
  }
  for (const head of ['"MZ"', '"MZ" fullword', "{ 4d 5a }", "/MZ/"]) {
    assert.equal(await isFound("$b at 0 and $a", `$b = ${head}`), false, head);
  }
  assert.equal(await isFound("$a at 0 and $a"), false);
  for (const value of ['"foobar" nocase', '"foobar" fullword', '"foobar" ascii wide', '"foobar" xor']) {
    assert.equal(await isFound("filesize < 5 and $a", "", "$a", value), false, value);
  }
});

Deno.test("yara-x by itself finds it where the earlier rule says the same in other words", async () => {
  const conditions = [
    ...["filesize == 3", "filesize != 8", "not (filesize >= 5)", "(filesize < 5 or filesize > 100)"],
    ...["filesize - 3 < 2", "defined (filesize < 5)", "external", "false"],
    ...["uint16(1) == 0x5a4d", "uint16(0) < 1", "uint16(0) & 0xff == 0x4d", "not (uint16(0) != 0x5a4d)"],
    "(uint16(0) == 0x5a4d or uint16(0) == 0x5a4e)",
  ];
  for (const condition of conditions) assert.ok(await isFound(`${condition} and $a`), condition);
  assert.ok(await isFound("filesize < 5 or $a"));
  for (const head of ['"MZ" nocase', '"MZ" wide', '"MZ" ascii wide', '"MZ" xor', "{ 4d ?? }"]) {
    assert.ok(await isFound("$b at 0 and $a", `$b = ${head}`), head);
  }
  assert.ok(await isFound("$b at 1 and $a", '$b = "MZ"'));
  assert.ok(await isFound("$b in (0..0) and $a", '$b = "MZ"'));
});

Deno.test("yara-x by itself keeps hex strings, regular expressions and anchored texts of different rules apart", async () => {
  for (const value of ["{ 66 6f 6f 62 61 72 }", "/foobar/"]) {
    assert.ok(await isFound("filesize < 5 and $a", "", "$a", value), value);
    assert.ok(await isFound("uint16(0) == 0x5a4d and $a", "", "$a", value), value);
  }
  assert.ok(await isFound("filesize < 5 and $a", "", "$a at 2"));
});
