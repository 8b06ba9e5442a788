/**
 * Builds `core.wasm` from `assembly/` and `layout.ts`.
 *
 * `deno run -A --no-config --lock=wasm/core/build.lock wasm/core/build.ts` writes it; with `--check` nothing is written,
 * and the exit code is 1 when a rebuild gives other bytes than the committed file.
 *
 * @module
 */

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

const WASM = new URL("./core.wasm", import.meta.url);
const FLAGS = [
  ["-O3"],
  ["--enable", "simd"],
  ["--noAssert"],
  ["--runtime", "stub"],
  // Two megabytes hold the views of layout.ts and small tables; the façade grows the memory for greater ones.
  ["--initialMemory", "4"],
  // Where static data would go: below the scratch space of layout.ts.
  ["--memoryBase", "256"],
].flat();

/** The module's bytes, built from the sources beside this file. */
async function build(): Promise<Uint8Array> {
  const { default: asc }: { default: Compiler } = await import(ASSEMBLYSCRIPT);
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(["assembly/index.ts", ...FLAGS, "--outFile", "core.wasm"], {
    readFile: (name: string) => source(name),
    writeFile: (_name: string, contents: string | Uint8Array) => void (wasm = contents as Uint8Array),
    listFiles: () => [],
  });
  if (error || !wasm) {
    throw new Error(`Cannot build core.wasm: ${String(stderr).slice(0, 2000)}`, { cause: error });
  }
  return wasm;
}

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
      "Cannot vouch for wasm/core/core.wasm: a rebuild gives other bytes, run wasm/core/build.ts",
    );
    Deno.exitCode = 1;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
