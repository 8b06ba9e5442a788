import { equal, match, ok } from "node:assert/strict";
import { textWidth } from "./cell_width.ts";
import { Overview } from "./overview.ts";
import { sampleFinding, samplePayload, sampleResponse } from "./testing/sample_response.ts";

const NO_COUNTS = { empty: 0, irregular: 0, failed: 0 };
const overview = (columns = 80) => new Overview({ isColor: false, columns });
const high = sampleResponse([samplePayload("a", { findings: [sampleFinding("Bad", { severity: "high" })] })]);

Deno.test("each response has a line with its severity, and never without its blind spots", () => {
  const lines = overview();
  equal(lines.lineOf("dir/a.exe", high), "high      dir/a.exe · 1 high · no blind spots\n");
  const encrypted = [{ code: "encrypted", count: 2, payloadIds: ["a"] }];
  equal(
    lines.lineOf("b\x1b[2J", sampleResponse([samplePayload("b")], {}, encrypted)),
    "none      b\\x1b[2J · not looked into: encrypted ×2\n",
  );
});

Deno.test("at the end are the findings, the worst first, and a total", () => {
  const files = overview();
  files.lineOf(
    "low.exe",
    sampleResponse([samplePayload("a", { findings: [sampleFinding("x", { severity: "low" })] })]),
  );
  files.lineOf("high.exe", high);
  files.lineOf("none", sampleResponse([samplePayload("c")]));
  const end = files.end({ empty: 1, irregular: 2, failed: 3 });
  match(end, /^\nhigh\.exe\nHIGH {2}1 high · [^]*\n\nlow\.exe\nLOW {2}1 low · /);
  match(
    end,
    /\n\n3 files · findings in 2: 1 high, 1 low · no blind spots · 1 empty\n2 links or devices · 3 not read\n$/,
  );
});

Deno.test("of many responses the findings of the worst are shown, and the others counted", () => {
  const files = overview(40);
  for (let index = 0; index < 100; index++) {
    const severity = index === 99 ? "critical" : "medium";
    const findings = [sampleFinding(`Finding ${index}`, { severity })];
    const text = files.lineOf(
      `${"long/".repeat(30)}${index}`,
      sampleResponse([samplePayload("p", { findings })]),
    );
    ok(textWidth(text.trimEnd()) <= 40, text);
  }
  const end = files.end(NO_COUNTS);
  match(end, /^\n[^\n]*99\nCRITICAL /);
  match(
    end,
    /\nFindings of 80 more files are left out\n\n100 files\nfindings in 100: 1 critical, 99 medium\nno blind spots\n$/,
  );
});
