import assert from "node:assert/strict";
import { PROGRAM_VERSION } from "../program/mod.ts";
import { buildProgram } from "./build.ts";

/** A bit of everything that a compiled rule set keeps. */
const RULES = `
  import "pe"
  import "math"
  global rule small : t u { meta: a = 1 b = "x\\xff" c = true condition: filesize < 1MB }
  private rule words {
    strings:
      $a = "alpha" nocase wide ascii fullword
      $b = "beta" xor(1-9) private
      $c = "gamma" base64 base64wide
      $d = { 4D 5A [2-8] (50 | 51 52) ~00 ?1 [4] FF }
      $e = /del[ta]{2,3}(x|yz)+/is
      $f = "MZ"
    condition:
      ($f at 0 and 2 of ($a, $b, $c)) or #d > 1 or for any i in (1..#e): (@e[i] > 3 and uint16(@e[i]) == 1)
  }
  rule last {
    condition:
      words and (pe.number_of_sections > 2 or math.entropy(0, filesize) > 7.5) and
      filename matches /\\.exe$/i and not defined level
  }`;

/** Recorded together: caches of one version are read by everybody who has it. */
const RECORDED = { version: 4, digest: "bea352e3ac26c7d9a2892b78494e6782a321443c361aeedbc1669b9a62239c43" };

Deno.test("what compiling gives has not changed without its version", async () => {
  const pieces = [{ file: "/a.yar", root: "/a.yar", firstLine: 1, text: RULES }];
  const settings = { externals: { filename: "", level: 1 }, hasNamespaceByFile: false };
  const forms: unknown[] = [];
  const sections = buildProgram({ pieces, problems: [] }, settings, (form) => forms.push(form));
  assert.ok(forms.length > 10);
  const content = new Uint8Array(await new Blob(sections.map((section) => section.slice())).arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
  assert.deepEqual(
    { version: PROGRAM_VERSION, digest },
    RECORDED,
    "compiled rule sets differ: raise PROGRAM_VERSION, so that no cache of the old ones is read, and record both here",
  );
});
