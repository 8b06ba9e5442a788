import assert from "node:assert/strict";
import { defaultExternals, payloadExternals } from "./externals.ts";
import { payloadOf } from "./testing/payload.ts";

const STANDARD = { filename: "", filepath: "", extension: "", filetype: "", owner: "" };

Deno.test("the usual externals are always defined, the option adds to them", () => {
  assert.deepEqual(defaultExternals(undefined), STANDARD);
  assert.deepEqual(defaultExternals({ owner: "root", level: 3 }), { ...STANDARD, owner: "root", level: 3 });
});

Deno.test("an option that YARA could not take is refused with the reason", () => {
  const cases: [unknown, RegExp][] = [
    [[1], /it is \[1\], should be an object/],
    ["x", /it is "x", should be an object/],
    [{ "a b": 1 }, /"a b" is a name, should be an identifier/],
    [{ condition: 1 }, /"condition" is a name/],
    [{ a: null }, /"a" is null, should be a string, number or boolean/],
    [{ a: {} }, /"a" is {}, should be/],
    [{ filename: 5 }, /"filename" is 5, should be a string/],
  ];
  for (const [option, message] of cases) {
    assert.throws(() => defaultExternals(option), { code: "yara-externals-invalid", message });
  }
});

Deno.test("a name gives base name, path and extension in lower case with its dot", () => {
  assert.deepEqual(payloadExternals(payloadOf("", { filename: "A.TAR.GZ", source_dir: "/in/" })), {
    filename: "A.TAR.GZ",
    extension: ".gz",
    filepath: "/in/A.TAR.GZ",
  });
  const inside = payloadExternals(payloadOf("", { filename: "xl\\sheets/s1.Xml" }));
  assert.deepEqual(inside, { filename: "s1.Xml", extension: ".xml", filepath: "xl\\sheets/s1.Xml" });
  const hidden = payloadExternals(
    payloadOf("", { filename: ".bashrc", path: "/root/.bashrc", owner: "root" }),
  );
  assert.deepEqual(hidden, { filename: ".bashrc", extension: "", filepath: "/root/.bashrc", owner: "root" });
});

Deno.test("what is not known keeps its default", () => {
  assert.deepEqual(payloadExternals(payloadOf("", { filename: null, source_dir: 5, owner: "" })), {});
});

Deno.test("the file type comes from the content, else from the media type", () => {
  const type = (content: string, mimetype?: string) =>
    payloadExternals(payloadOf(content, {}, mimetype ? { mimetype: { mimetype } } : {})).filetype;
  assert.equal(type("MZ\x90"), "EXE");
  assert.equal(type("%PDF-1.7"), "PDF");
  assert.equal(type("GIF89a", "text/plain"), "GIF");
  assert.equal(type("PK\x03\x04\x14\x00\x06\x00"), "Office");
  assert.equal(type("PK\x03\x04\x14\x00\x00\x00"), "ZIP");
  assert.equal(type("import os", "text/x-script.python"), "Python");
  assert.equal(type("text", "text/plain"), undefined);
  assert.equal(type("text", "constructor"), undefined);
  assert.equal(type("M"), undefined);
});
