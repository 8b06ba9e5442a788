import { equal } from "node:assert/strict";
import { bytesExcerpt } from "./excerpt.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("bytes that are text are shown in quotes", () => {
  equal(bytesExcerpt(encode("MZ header")), '"MZ header"');
  equal(bytesExcerpt(encode("größer")), '"größer"');
  equal(bytesExcerpt(new Uint8Array()), '""');
});

Deno.test("bytes that are no text are shown in hexadecimal", () => {
  equal(bytesExcerpt(new Uint8Array([0x4d, 0x5a, 0x90, 0])), "4d 5a 90 00");
  equal(bytesExcerpt(new Uint8Array([0xff, 0xfe])), "ff fe");
  equal(bytesExcerpt(encode("\x1b[31m")), "1b 5b 33 31 6d");
});

Deno.test("wide strings are read as text", () => {
  equal(bytesExcerpt(encode("c\0m\0d\0")), '"cmd" wide');
  equal(bytesExcerpt(encode("c\0m\0d")), "63 00 6d 00 64");
});

Deno.test("long contents are cut and say how long they are", () => {
  equal(bytesExcerpt(encode("x".repeat(5_000))), `"${"x".repeat(64)}"… (5,000 bytes)`);
  equal(bytesExcerpt(new Uint8Array(1_234)), `${"00 ".repeat(16)}… (1,234 bytes)`);
});

Deno.test("a cut through a character does not make a text binary", () => {
  equal(bytesExcerpt(encode(`x${"é".repeat(100)}`)), `"x${"é".repeat(31)}"… (201 bytes)`);
});
