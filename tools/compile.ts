/**
 * `deno task compile`: one executable, with the packages that stoQ itself needs and none of those for tests and tools.
 *
 * Further words go to `deno compile`, such as `--target` and `--output`.
 *
 * @module
 */

import { catalog } from "../plugins/catalog.ts";
import { RUNNER_V8_FLAGS } from "../src/sandbox/launch.ts";

/** The parts of a lock file that are read here. */
export interface LockFile {
  readonly version: string;
  readonly specifiers?: Readonly<Record<string, string>>;
  readonly npm?: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly dependencies?: readonly string[];
}

const ENTRY = "cli.ts";
const OUTPUT = "dist/stoq";

/**
 * A lock file with nothing but what the given specifiers need: `deno compile` embeds every package of its lock file.
 *
 * A dependency is locked as `name` where one version of it is, and as `name@version` otherwise.
 */
export function pruneLock(lock: LockFile, specifiers: readonly string[]): LockFile {
  const { npm = {}, specifiers: locked = {} } = lock;
  const kept = Object.entries(locked).filter(([specifier]) => specifiers.includes(specifier));
  const queue = kept.map(([specifier, version]) => `${nameOf(specifier.slice("npm:".length))}@${version}`);
  const needed = new Set<string>();
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    const dependencies = npm[id]?.dependencies ?? [];
    queue.push(
      ...dependencies.flatMap((name) =>
        Object.keys(npm).filter((key) => key === name || nameOf(key) === name)
      ),
    );
  }
  return {
    version: lock.version,
    specifiers: Object.fromEntries(kept),
    npm: Object.fromEntries(Object.entries(npm).filter(([id]) => needed.has(id))),
  };
}

/** Returns the name of a package: `@scope/name@1.0.0/file.js` → `@scope/name`. */
function nameOf(id: string): string {
  return /^@?[^@]+/.exec(id)![0];
}

/** Returns the packages that a module's graph imports, without the files inside them: `npm:name@1.0.0`. */
async function packagesOf(module: string): Promise<string[]> {
  const { code, stdout } = await deno(["info", "--json", module], "piped");
  if (code !== 0) throw new Error(`Cannot read the module graph of "${module}"`);
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { dependencies?: { specifier: string }[] }[];
  };
  const specifiers = modules.flatMap(({ dependencies = [] }) =>
    dependencies.map(({ specifier }) => specifier)
  );
  return specifiers.flatMap((specifier) => /^npm:\/?(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? []);
}

function deno(args: readonly string[], stdout: "piped" | "inherit"): Promise<Deno.CommandOutput> {
  return new Deno.Command(Deno.execPath(), { args: [...args], stdout, stderr: "inherit" }).output();
}

if (import.meta.main) {
  const lock = JSON.parse(await Deno.readTextFile("deno.lock"));
  const pruned = await Deno.makeTempFile({ prefix: "stoq-", suffix: ".lock" });
  try {
    const plugins = Object.keys(catalog).map((name) => `plugins/${name}/mod.ts`);
    const packages = await Promise.all([ENTRY, ...plugins].map(packagesOf));
    await Deno.writeTextFile(pruned, JSON.stringify(pruneLock(lock, packages.flat())));
    const output = Deno.args.some((word) => word.startsWith("--output")) ? [] : ["--output", OUTPUT];
    // Runners start threads and import plugins by address, and a source phase import embeds no file of ours.
    const unseen = ["src/sandbox/guest/thread.ts", "wasm/core/core.wasm", ...plugins].flatMap((
      path,
    ) => ["--include", path]);
    // The binary is its own runner.
    const runner = ["--unstable-worker-options", RUNNER_V8_FLAGS, ...unseen];
    const flags = ["--allow-all", "--no-check", "--frozen", `--lock=${pruned}`, ...runner, ...output];
    const { code } = await deno(["compile", ...flags, ...Deno.args, ENTRY], "inherit");
    Deno.exitCode = code;
  } finally {
    await Deno.remove(pruned);
  }
}
