import assert from "node:assert/strict";
import { createRenderer } from "./renderer.ts";
import { MAX_OUTPUT_CHARACTERS } from "./output_meter.ts";
import report from "./report.md.njk" with { type: "text" };
import { shippedTemplate } from "./template_folder.ts";
import { findingOf, fullResponse, HOSTILE_NAME, payloadOf, responseOf } from "./testing/response.ts";

const GOLDEN = new URL("testdata/report.md", import.meta.url);
const shipped = shippedTemplate("report.md.njk", report);

Deno.test("the shipped report of a response with something of everything is the golden one", async () => {
  const text = (await createRenderer(shipped, true))(fullResponse());
  if (Deno.args.includes("--update")) await Deno.writeTextFile(GOLDEN, text);
  assert.equal(text, await Deno.readTextFile(GOLDEN));
});

Deno.test("the shipped report does not depend on autoescape, as nothing hostile is written bare", async () => {
  const [escaped, bare] = await Promise.all([true, false].map((on) => createRenderer(shipped, on)));
  assert.equal(escaped!(fullResponse()), bare!(fullResponse()));
});

Deno.test("no control character and no line of a hostile name gets into the shipped report", async () => {
  const text = (await createRenderer(shipped, true))(fullResponse());
  assert.equal(/(?!\n)\p{Cc}|\u202e/u.test(text), false);
  assert.equal(text.split("\n").some((line) => line.startsWith("# forged")), false);
  assert.equal(text.split("\n").filter((line) => /^# /.test(line)).length, 1);
});

Deno.test("outside of code spans and blocks the shipped report holds none of the file's text", async () => {
  const text = (await createRenderer(shipped, true))(fullResponse());
  const markup = text
    .replace(/^(`{3,})\n.*?\n\1$/gms, "")
    .replace(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g, "");
  for (const part of ["<", "](", "{%", "forged", "`", "example.com", "Evil"]) {
    assert.equal(markup.includes(part), false, part);
  }
  assert.ok(markup.includes("## Payload 2: "));
});

Deno.test("an empty response has a report", async () => {
  const text = (await createRenderer(shipped, true))(responseOf([]));
  assert.match(
    text,
    /^# stoQ report\n\n- scan `2e38fbfb[^\n]*\n- 0 payloads, 0 B\n- 0 errors\n\n## Payloads\n\nNone\.\n/,
  );
});

Deno.test("results of an unexpected shape do not cost the report", async () => {
  const render = await createRenderer(shipped, true);
  const shapes = [null, 1, "text", [], [null], {}, { matches: "x" }, { matches: { slice: 1 } }, {
    matches: [null, 1, {}],
  }];
  for (const shape of shapes) {
    const payload = payloadOf("aaaa-1", {
      workers: {
        yara: shape,
        mimetype: shape,
        other: { toString: 1, constructor: shape, length: 3, hasOwnProperty: 2 },
      },
      extraData: { filename: shape, toString: "x" },
    });
    assert.match(render(responseOf([payload])), /### `other`/, JSON.stringify(shape));
  }
  const proto = JSON.parse('{"__proto__": {"polluted": 1}}');
  assert.match(
    render(responseOf([payloadOf("aaaa-1", { workers: { other: proto } })])),
    /__proto__:\n {2}polluted: 1/,
  );
});

Deno.test("the report of a huge response names what it leaves out and stays under the limit", async () => {
  const long = HOSTILE_NAME.repeat(3);
  const rows = Array.from({ length: 26 }, () => ({ [long]: long }));
  const workers = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`worker${index}`, rows]));
  const findings = Array.from({ length: 12 }, () => findingOf(long, { detail: long }));
  const results = Array.from(
    { length: 10_000 },
    (_, index) =>
      payloadOf(
        `${index}`,
        index < 30 ? { workers, findings } : index < 1000 ? { findings } : {},
      ),
  );
  const text = (await createRenderer(shipped, true))(responseOf(results));
  assert.match(text, /\n\n9,000 more payloads left out\.\n/);
  assert.match(text, /\n\nDetails of 9,970 more payloads left out\.\n/);
  assert.match(text, /\n\n11,900 more findings left out\.\n/);
  assert.ok(text.length < MAX_OUTPUT_CHARACTERS, `${text.length}`);
});
