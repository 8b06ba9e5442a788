/**
 * Builds `digest.wasm` from `assembly/` and `rounds/`.
 *
 * `deno run -A --no-config --lock=wasm/digest/build.lock wasm/digest/build.ts` writes it; with `--check` nothing is written,
 * and the exit code is 1 when a rebuild gives other bytes than the committed file.
 *
 * @module
 */

import { compressionFunction } from "./rounds/compression.ts";
import { md5 } from "./rounds/md5.ts";
import { sha1 } from "./rounds/sha1.ts";
import { sha256 } from "./rounds/sha256.ts";

/**
 * Not imported statically, and locked in a file of its own: who only runs stoQ would download 100 MB of compiler with every
 * package that `deno.lock` names.
 */
const ASSEMBLYSCRIPT = "npm:assemblyscript@0.28.20/asc";

/** The part of the compiler's interface that is used here. */
interface Compiler {
  main(args: readonly string[], host: {
    readFile(name: string): string | null;
    writeFile(name: string, contents: string | Uint8Array): void;
    listFiles(): string[];
  }): Promise<{ readonly error: Error | null; readonly stderr: unknown }>;
}

const WASM = new URL("./digest.wasm", import.meta.url);
// No optimisation: Binaryen's would reorder the rounds and keep words in locals, and V8 optimises anyway.
const FLAGS = [
  ["--enable", "simd"],
  ["--noAssert"],
  ["--runtime", "stub"],
  // Makes literals of the named addresses: V8 knows no other constants, and checks the bounds of what it does not know.
  ["--runPasses", "simplify-globals"],
  ["--initialMemory", "1"],
  ["--maximumMemory", "1"],
  // Where the tables go: above the scratch space of assembly/layout.ts.
  ["--memoryBase", "1024"],
].flat();

/** The module's bytes, built from the sources beside this file. */
async function build(): Promise<Uint8Array> {
  const { default: asc }: { default: Compiler } = await import(ASSEMBLYSCRIPT);
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(["assembly/index.ts", ...FLAGS, "--outFile", "digest.wasm"], {
    readFile: (name: string) => name === "assembly/unrolled.ts" ? unrolled() : source(name),
    writeFile: (_name: string, contents: string | Uint8Array) => void (wasm = contents as Uint8Array),
    listFiles: () => [],
  });
  if (error || !wasm) {
    throw new Error(`Cannot build digest.wasm: ${String(stderr).slice(0, 2000)}`, { cause: error });
  }
  return wasm;
}

/** The AssemblyScript module that `rounds/` writes. */
function unrolled(): string {
  const woven = [md5(), sha1(), sha256()];
  return [
    `import { ${LAYOUT.join(", ")} } from "./layout";`,
    ...woven.flatMap(({ tables }) => tables),
    compressionFunction("md5", [md5()]),
    compressionFunction("sha1", [sha1()]),
    compressionFunction("sha256", [sha256()]),
    compressionFunction("md5Sha1", [md5(), sha1()]),
    compressionFunction("md5Sha1Sha256", woven),
  ].join("\n");
}

const LAYOUT = ["STATE_MD5", "STATE_SHA1", "STATE_SHA256", "MD5_WORDS", "SHA1_SCHEDULE", "SHA256_SCHEDULE"];

function source(name: string): string | null {
  try {
    return Deno.readTextFileSync(new URL(name, import.meta.url));
  } catch (error) {
    // The compiler tries several names for each import.
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

if (import.meta.main) {
  const wasm = await build();
  if (!Deno.args.includes("--check")) Deno.writeFileSync(WASM, wasm);
  else if (!isSame(wasm, Deno.readFileSync(WASM))) {
    console.error(
      "Cannot vouch for wasm/digest/digest.wasm: a rebuild gives other bytes, run wasm/digest/build.ts",
    );
    Deno.exitCode = 1;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
