import assert from "node:assert/strict";
import type { LibmagicModule } from "./glue.ts";
import { askLibmagic, loadLibmagic } from "./libmagic.ts";

/** A module whose memory is 16 bytes at address 8. */
function fakeModule(detect: (pointer: number, sizeBytes: number) => string) {
  const freed: number[] = [];
  const module: LibmagicModule = {
    HEAPU8: new Uint8Array(24),
    FS: { create: () => ({}), createDataFile() {}, chdir() {}, unlink() {} },
    _malloc: (sizeBytes) => (sizeBytes > 16 ? 0 : 8),
    _free: (pointer) => void freed.push(pointer),
    ccall: (_name, _returns, _types, [pointer, sizeBytes]) => detect(Number(pointer), Number(sizeBytes)),
  };
  return { module, freed };
}

Deno.test("content goes into memory that the engine allocated and that is freed afterwards", () => {
  const { module, freed } = fakeModule((pointer, sizeBytes) =>
    [...module.HEAPU8.subarray(pointer, pointer + sizeBytes)].join("/")
  );
  assert.equal(askLibmagic(module, Uint8Array.of(1, 2)), "1/2");
  assert.deepEqual(freed, [8]);
});

Deno.test("an allocation that failed is an error, and nothing is written or called", () => {
  const { module } = fakeModule(() => assert.fail("called"));
  assert.throws(() => askLibmagic(module, new Uint8Array(17).fill(1)), {
    name: "MagicError",
    code: "magic-out-of-memory",
    message: "hand 17 bytes to libmagic: the engine has no memory left and should have enough",
  });
  assert.ok(module.HEAPU8.every((byte) => byte === 0));
});

Deno.test("an empty answer is an error, and memory is freed", () => {
  const { module, freed } = fakeModule(() => "");
  assert.throws(() => askLibmagic(module, Uint8Array.of(1)), { code: "magic-no-answer" });
  assert.deepEqual(freed, [8]);
});

Deno.test("a trap of the engine is an error that says so and keeps its cause", () => {
  const trap = new WebAssembly.RuntimeError("memory access out of bounds");
  const { module } = fakeModule(() => {
    throw trap;
  });
  assert.throws(() => askLibmagic(module, Uint8Array.of(1)), {
    code: "magic-crashed",
    cause: trap,
    message:
      'detect the media type of 1 bytes: libmagic stopped with "memory access out of bounds" and should answer',
  });
});

Deno.test("an exit of the engine, which throws what is no Error, is a crash too", () => {
  const { module } = fakeModule(() => {
    throw { name: "ExitStatus", status: 1 };
  });
  assert.throws(() => askLibmagic(module, Uint8Array.of(1)), { code: "magic-crashed" });
});

Deno.test("the engine's memory does not grow with the number of calls", async () => {
  const module = await loadLibmagic();
  const content = new TextEncoder().encode("From: a@example.org\nSubject: hello\n\n<html>".repeat(2000));
  askLibmagic(module, content);
  const { length } = module.HEAPU8;
  for (let call = 0; call < 300; call++) askLibmagic(module, content.subarray(call));
  assert.equal(module.HEAPU8.length, length);
});
