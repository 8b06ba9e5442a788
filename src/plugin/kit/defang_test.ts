import { equal } from "node:assert/strict";
import type { IndicatorKind } from "../../core/contract/indicators.ts";
import { defang } from "./defang.ts";

const CASES: readonly [IndicatorKind, string, string][] = [
  ["url", "http://a.example/b.c?d=e.f", "hxxp://a[.]example/b.c?d=e.f"],
  ["url", "https://user@a.example:8080#x.y", "hxxps://user@a[.]example[:]8080#x.y"],
  ["url", "ftp://192.0.2.1/", "fxp://192[.]0[.]2[.]1/"],
  ["url", "https://[2001:db8::1]/", "hxxps://[2001[:]db8[:][:]1]/"],
  ["url", "mailto:a@b.example", "mailto:a@b[.]example"],
  ["url", "", ""],
  ["domain", "a.b.example", "a[.]b[.]example"],
  ["ipv4", "192.0.2.1", "192[.]0[.]2[.]1"],
  ["ipv6", "2001:db8::1", "2001[:]db8[:][:]1"],
  ["email", "a.b@c.example", "a[.]b[@]c[.]example"],
  ["file_path", "C:\\a.exe", "C:\\a.exe"],
  ["sha256", "00ff", "00ff"],
];

Deno.test("an indicator is written so that no program makes a link of it", () => {
  for (const [kind, value, expected] of CASES) equal(defang(kind, value), expected);
});
