import assert from "node:assert/strict";
import {
  bytesOfRawText,
  hasUnknownName,
  lossyText,
  nameMetadata,
  rawTextOf,
  unknownName,
} from "./raw_name.ts";

Deno.test("a name in UTF-8 is its own text", () => {
  for (const name of ["a", "für.txt", "\ufffd", "\ufeffbom", "a\n\x1b", "🗎"]) {
    assert.equal(rawTextOf(new TextEncoder().encode(name)), name);
    assert.deepEqual(bytesOfRawText(name), new TextEncoder().encode(name));
  }
});

Deno.test("bytes that are not UTF-8 survive the way through text", () => {
  const names = [
    [0xff],
    [0xff, 0xfe, 0x2e],
    [0x66, 0xfc, 0x72],
    // Overlong, a surrogate, above U+10FFFF, cut characters.
    [0xc0, 0xaf],
    [0xed, 0xb2, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xe2, 0x82],
    [0xf0, 0x9f, 0x97, 0x41],
    // Whole characters around a bad byte.
    [0xf0, 0x9f, 0x97, 0x8e, 0x80, 0xef, 0xbf, 0xbd],
  ];
  for (const name of names) {
    const text = rawTextOf(Uint8Array.from(name));
    assert.equal(text.isWellFormed(), false, String(name));
    assert.deepEqual([...bytesOfRawText(text)], name);
  }
});

Deno.test("every pair of bytes has a text of its own", () => {
  const texts = new Set<string>();
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second++) {
      const text = rawTextOf(Uint8Array.of(first, second));
      assert.deepEqual([...bytesOfRawText(text)], [first, second]);
      texts.add(text);
    }
  }
  assert.equal(texts.size, 65_536);
});

Deno.test("only what is not UTF-8 has its bytes in metadata", () => {
  assert.deepEqual(nameMetadata("filename", "\ufffd"), { filename: "\ufffd" });
  assert.deepEqual(nameMetadata("filename", "a\udcff"), { filename: "a\ufffd", filename_bytes: "Yf8=" });
  assert.equal(lossyText("a\udcff\udcfe"), "a\ufffd\ufffd");
  // A cut character is one replacement, as Deno has it.
  assert.equal(lossyText("\udce2\udc82b"), "\ufffdb");
});

Deno.test("names that are not known are apart, are shown as they were, and stand for no bytes", () => {
  const names = [unknownName("a\ufffd1", 1), unknownName("a\ufffd1", 2), unknownName("a\ufffd", 11)];
  assert.equal(new Set(names).size, 3);
  assert.deepEqual(names.map(lossyText), ["a\ufffd1", "a\ufffd1", "a\ufffd"]);
  for (const name of names) {
    assert.ok(hasUnknownName(`/in/${name}/b`));
    assert.throws(() => bytesOfRawText(name), TypeError);
  }
  assert.equal(hasUnknownName("\ufffd\udcff"), false);
});

Deno.test("surrogates that stand for no byte are refused", () => {
  for (const text of ["\ud800", "\udc7f", "\udd00", "a\udcff\udfff"]) {
    assert.throws(() => bytesOfRawText(text), TypeError);
  }
});
