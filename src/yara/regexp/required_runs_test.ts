import assert from "node:assert/strict";
import { MAX_RUNS } from "./limits.ts";
import { compileWritten } from "./testing/written_regexp.ts";

/** Runs as text; `i` for both cases, `@` for the distance from the start. */
function runs(written: string): string[] | "none" {
  const regexp = compileWritten(written);
  assert.ok(!("problem" in regexp), written);
  if (regexp.runs === "none") return "none";
  return regexp.runs.map(({ bytes, isCaseInsensitive, distance }) =>
    `${String.fromCharCode(...bytes)}${isCaseInsensitive ? "/i" : ""}@${distance ?? "?"}`
  );
}

Deno.test("the rarest text is taken, with its distance where that is fixed", () => {
  assert.deepEqual(runs("/a{3}[^x]QZXJ.*the/"), ["QZXJ@4"]);
  assert.deepEqual(runs("/[a-z]+QZXJ/"), ["QZXJ@?"]);
  assert.deepEqual(runs("/[a-z]{4}QZXJ/i"), ["qzxj/i@4"]);
});

Deno.test("branches and small classes are written out", () => {
  assert.deepEqual(runs("/(foo|quux)/"), ["foo@0", "quux@0"]);
  assert.deepEqual(runs("/[Aa]bc/"), ["abc/i@0"]);
  assert.deepEqual(runs("/x[12]y/"), ["x1y@0", "x2y@0"]);
  assert.deepEqual(runs("/(foo.*zqx|quux.)/"), ["zqx@?", "quux@0"]);
});

Deno.test("wide runs have zeros and twice the distance", () => {
  assert.deepEqual(runs("/.ab/ wide ascii"), ["ab@1", "a\0b\0@2"]);
});

Deno.test("copies that YARA-X may take too many of don't run into what follows", () => {
  assert.deepEqual(runs("/a(foobar){1,2}x/"), ["afoobar@0"]);
});

Deno.test("a text that need not be there is none", () => {
  for (const written of ["/.{4}/", "/[a-z]+/", "/(abc)?x/", "/(abc|.)/", "/(abc)*[^x]/", "/(?u)abc/"]) {
    assert.equal(runs(written), "none", written);
  }
});

Deno.test("the number of runs is bounded", () => {
  const many = runs(`/(${Array.from({ length: 200 }, (_, at) => `w${at}`).join("|")})qq/`);
  assert.deepEqual(many, ["qq@?"]);
  const nested = runs("/((((ab|cd){2}){2}){2}){2}/");
  assert.ok(nested !== "none" && nested.length <= MAX_RUNS);
  assert.ok(runs("/" + "(".repeat(100) + "x{8}" + "){8}".repeat(100) + "/"));
});
