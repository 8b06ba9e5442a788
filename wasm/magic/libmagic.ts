/**
 * One instance of libmagic in WebAssembly. Importing this compiles 1.7 MB, so {@linkcode createMagic} imports it at first
 * use.
 *
 * wasmagic's Emscripten module is used without wasmagic's class around it, which checks no allocation, copies
 * the magic file twice and can't be started again once the permission to read files is gone.
 *
 * @module
 */

import { binary } from "./binary.js";
import { MagicError } from "./error.ts";
import { type LibmagicModule, loadGlue } from "./glue.ts";

/** `MAGIC_MIME_TYPE` of magic.h. */
const FLAG_MIME_TYPE = 0x10;

/** Instantiates libmagic and loads its magic file. Needs no permission. */
export async function loadLibmagic(): Promise<LibmagicModule> {
  const createModule = await loadGlue();
  const module = await createModule({
    preRun: [lendEmbeddedFile],
    instantiateWasm: (imports, done) => done(new WebAssembly.Instance(binary, imports), binary),
  });
  module.FS.chdir("/magic");
  const failure = module.ccall("magic_wrapper_load", "string", ["number", "string"], [
    FLAG_MIME_TYPE,
    "magic.mgc",
  ]);
  if (failure !== "") {
    throw new MagicError("magic-not-started", `load libmagic's magic file: "${failure}" should be no error`);
  }
  module.FS.unlink("magic.mgc");
  return module;
}

/**
 * Lets the file system read the magic file where it lies in the engine's memory. Emscripten would copy its
 * 10.8 MB once more, which takes longer than compiling the engine. The view is made at each read, because
 * growing memory detaches older ones.
 */
function lendEmbeddedFile(module: LibmagicModule): void {
  module.FS.createDataFile = (path, _name, { byteOffset, byteLength }) => {
    const file = module.FS.create(path, 0o444);
    Object.defineProperties(file, {
      usedBytes: { value: byteLength },
      contents: { get: () => new Int8Array(module.HEAPU8.buffer, byteOffset, byteLength) },
    });
  };
}

/**
 * Asks one instance for a media type.
 *
 * @throws {MagicError} `magic-out-of-memory` and `magic-no-answer` leave the instance usable, `magic-crashed`
 * does not.
 */
export function askLibmagic(module: LibmagicModule, bytes: Uint8Array): string {
  const pointer = module._malloc(Math.max(bytes.length, 1));
  if (pointer === 0) {
    throw new MagicError(
      "magic-out-of-memory",
      `hand ${bytes.length} bytes to libmagic: the engine has no memory left and should have enough`,
    );
  }
  module.HEAPU8.set(bytes, pointer);
  const answer = callDetect(module, pointer, bytes.length);
  module._free(pointer);
  if (answer === "") {
    throw new MagicError(
      "magic-no-answer",
      `detect the media type of ${bytes.length} bytes: libmagic's answer is empty and should be a media type`,
    );
  }
  return answer;
}

/** Whatever leaves the engine by exception leaves its stack pointer and heap behind as they were. */
function callDetect(module: LibmagicModule, pointer: number, sizeBytes: number): string {
  try {
    return module.ccall("magic_wrapper_detect", "string", ["number", "number"], [pointer, sizeBytes]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MagicError(
      "magic-crashed",
      `detect the media type of ${sizeBytes} bytes: libmagic stopped with "${reason}" and should answer`,
      { cause },
    );
  }
}
