import assert from "node:assert/strict";
import { createMagic, MAGIC_HEAD_BYTES } from "./mod.ts";

const magic = await createMagic();
const ENCODER = new TextEncoder();

/** `size` bytes of `fill` with a text at an offset. */
function contentWith(text: string, offset: number, size: number, fill = 0): Uint8Array {
  const content = new Uint8Array(size).fill(fill);
  content.set(ENCODER.encode(text), offset);
  return content;
}

/** The local headers of a zip archive with one stored byte each, without a directory. */
function localHeaders(names: readonly string[]): Uint8Array {
  const parts = names.map((name) => {
    const part = new Uint8Array(30 + name.length + 1);
    const view = new DataView(part.buffer);
    view.setUint32(0, 0x04034b50, true);
    view.setUint16(4, 20, true);
    view.setUint32(18, 1, true);
    view.setUint32(22, 1, true);
    view.setUint16(26, name.length, true);
    part.set(ENCODER.encode(name), 30);
    return part;
  });
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** The first header of a POSIX tar archive: a file of no name and no size. */
function tarHeader(): Uint8Array {
  const header = contentWith("ustar\x0000", 257, 512);
  header.fill(0x20, 148, 156);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.set(ENCODER.encode(checksum.toString(8).padStart(6, "0") + "\0 "), 148);
  return header;
}

const OOXML = localHeaders(["[Content_Types].xml", "_rels/.rels", "word/document.xml"]);
const CASES: readonly (readonly [string, Uint8Array, string])[] = [
  ["text", ENCODER.encode("This is a magical string"), "text/plain"],
  ["no content", new Uint8Array(), "application/x-empty"],
  ["one byte", Uint8Array.of(0), "application/octet-stream"],
  ["a PDF", ENCODER.encode("%PDF-1.7\n"), "application/pdf"],
  ["a tar archive, whose magic is at 257", tarHeader(), "application/x-tar"],
  [
    "an ISO image, whose magic is at 32769",
    contentWith("\x01CD001\x01", 32768, 34816),
    "application/x-iso9660-image",
  ],
  [
    "an OOXML document, known by its third entry",
    OOXML,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ],
];

for (const [what, content, mediaType] of CASES) {
  Deno.test(`detects ${what}`, async () => {
    assert.equal(await magic.detect(content), mediaType);
  });
}

Deno.test("content longer than the head is detected by its head", async () => {
  const content = contentWith("%PDF-1.7\n", 0, MAGIC_HEAD_BYTES + 4096, 0x20);
  assert.equal(await magic.detect(content), "application/pdf");
});

Deno.test("every truncation of a document has a media type", async () => {
  for (let length = 0; length <= OOXML.length; length++) {
    assert.match(await magic.detect(OOXML.subarray(0, length)), /^[a-z]+\/[\w.+-]+$/);
  }
});

Deno.test("nesting that would exhaust a recursive parser does not stop the engine", async () => {
  for (const nest of ["[", '{"a":', "(", "<a>", "0\x80"]) {
    assert.match(await magic.detect(ENCODER.encode(nest.repeat(200_000))), /^[a-z]+\/[\w.+-]+$/);
  }
  assert.equal(await magic.detect(ENCODER.encode("%PDF-1.7\n")), "application/pdf");
});

Deno.test("detecting does not touch the content", async () => {
  const content = ENCODER.encode("untouched");
  await magic.detect(content);
  assert.deepEqual(content, ENCODER.encode("untouched"));
});

Deno.test("an engine starts without any permission", async () => {
  const worker = new Worker(new URL("testdata/without_permissions.js", import.meta.url), {
    type: "module",
    deno: { permissions: "none" },
  });
  const answer = await new Promise((resolve, reject) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
  });
  worker.terminate();
  assert.equal(answer, "text/plain");
});
