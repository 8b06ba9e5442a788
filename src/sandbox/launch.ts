/**
 * How a runner is started: by Deno from our modules, or by a compiled binary from itself.
 *
 * @module
 */

import { runnerNotStandalone } from "../core/contract/errors.ts";
import type { System } from "../core/ports/system.ts";
import { cacheModules } from "./deno_cache.ts";
import { type Grant, permissionFlags, sumOf } from "./grant.ts";
import type { ThreadStart } from "./protocol.ts";
import { RUNNER_WORD } from "./runner_word.ts";

/** Everything that starting a process takes. */
export interface RunnerCommand {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Whether Deno writes its audit of permissions to standard error. */
  readonly hasAudit: boolean;
  readonly memoryBytes: number | null;
  /** Whether this process may look at the memory of the other one. */
  readonly isMemoryReadable: boolean;
}

/** What a runner's plugins need. */
export interface RunnerNeeds {
  /** All that its plugins were granted together. */
  readonly grant: Grant;
  /** Folders from which strangers' modules are loaded. */
  readonly codeFolders: readonly string[];
}

const ENTRY = new URL("./guest/main.ts", import.meta.url);
/** What the entry's threads import, and the entry therefore does not. */
const THREAD = new URL("./guest/thread.ts", import.meta.url);
const ROOT = new URL("../../", import.meta.url);
/**
 * Where V8 lets the memory for new objects grow to 32 MB twice, each thread may keep 64 MB that hold nothing. With a quarter of
 * it nothing became slower.
 */
const MAX_YOUNG_MEGABYTES = 8;

/** Where Deno finds its cache, and what it needs to start at all. */
const ENVIRONMENT = [
  "DENO_DIR",
  "HOME",
  "XDG_CACHE_HOME",
  "LOCALAPPDATA",
  "USERPROFILE",
  "SYSTEMROOT",
  "TMPDIR",
  "TEMP",
];

/** Returns the address of a shipped plugin's module. */
export function shippedModule(plugin: string): string {
  return new URL(`plugins/${plugin}/mod.ts`, ROOT).href;
}

/** Returns the parts that may stand on a command line, which every process of the system can read. */
function threadStartOf({ plugin, module, permissions }: ThreadStart): ThreadStart {
  return { plugin, module, permissions };
}

/** Makes the commands of one program. */
export class Launcher {
  readonly #system: System;
  readonly #memoryBytes: number;
  readonly #runnerPath: string | undefined;
  readonly #hasAllPermissions: boolean;

  /** @param runnerPath a compiled stoQ that serves as runner */
  constructor(system: System, memoryBytes: number, runnerPath?: string) {
    this.#system = system;
    this.#hasAllPermissions = system.hasAllPermissions ?? false;
    this.#memoryBytes = memoryBytes;
    this.#runnerPath = runnerPath;
  }

  /**
   * The command of a runner.
   *
   * @param first the plugin that it begins to load at once; absent where a plugin is not to be read yet
   * @throws {StoqError} in somebody else's compiled program, which does not know how to be a runner
   */
  command(needs: RunnerNeeds, first?: ThreadStart): RunnerCommand {
    const isLinux = Deno.build.os === "linux";
    const common = {
      env: this.#environment(needs.grant, isLinux),
      // Nothing there is ours, and no configuration of Deno is looked for.
      cwd: Deno.build.os === "windows" ? "C:\\" : "/",
      hasAudit: isLinux,
      isMemoryReadable: isLinux && this.#hasAllPermissions,
      memoryBytes: Number.isFinite(this.#memoryBytes) ? this.#memoryBytes : null,
    };
    const start = JSON.stringify(first ? threadStartOf(first) : null);
    if (this.#runnerPath !== undefined) {
      return { ...common, path: this.#runnerPath, args: [RUNNER_WORD, start] };
    }
    if (Deno.build.standalone) throw runnerNotStandalone();
    return { ...common, path: Deno.execPath(), args: [...this.#denoArguments(needs), start] };
  }

  /** Downloads what a runner and the modules of its plugin import; a runner itself only reads Deno's cache. */
  async fillCache({ codeFolders }: RunnerNeeds, module: string | undefined): Promise<void> {
    const modules = [ENTRY.href, THREAD.href, ...module === undefined ? [] : [module]];
    await cacheModules([...this.#lockFlags(codeFolders.length > 0), ...modules]);
  }

  #denoArguments({ grant, codeFolders }: RunnerNeeds): string[] {
    const code = { read: [...this.ownFolders, ...codeFolders] };
    return [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-config",
      "--cached-only",
      "--unstable-worker-options",
      `--v8-flags=--max-semi-space-size=${MAX_YOUNG_MEGABYTES}`,
      ...this.#lockFlags(codeFolders.length > 0),
      ...permissionFlags(sumOf(grant, code)),
      ...(this.ownHost === undefined ? [] : [`--allow-import=${this.ownHost}`]),
      ENTRY.href,
    ];
  }

  /** A thread's modules are loaded with the process's permissions, so the process may read ours; no plugin's thread may. */
  get ownFolders(): readonly string[] {
    if (ROOT.protocol !== "file:") return [];
    return ["src", "plugins", "wasm"].map((folder) => this.#system.files.fromUrl(new URL(folder, ROOT).href));
  }

  /** Where our own modules come from, if that is not a folder. */
  get ownHost(): string | undefined {
    return ROOT.protocol === "file:" ? undefined : ROOT.host;
  }

  /** Our lock file fixes our own packages; a stranger's are not in it, and must not be written into it. */
  #lockFlags(hasStrangers: boolean): string[] {
    if (hasStrangers || ROOT.protocol !== "file:") return ["--no-lock"];
    return [`--lock=${this.#system.files.fromUrl(new URL("deno.lock", ROOT).href)}`, "--frozen"];
  }

  #environment({ env = [], run = [] }: Grant, isLinux: boolean): Record<string, string> {
    // Deno looks for a program by it, even one whose whole path is given.
    const names = [...ENVIRONMENT, ...run.length > 0 ? ["PATH"] : [], ...env];
    const known = names.flatMap((name) => {
      const value = this.#system.env(name);
      return value === undefined ? [] : [[name, value]];
    });
    return {
      ...Object.fromEntries(known),
      NO_COLOR: "1",
      // WebGPU asks no permission. Of a backend that does not exist it has no adapter, in threads of threads neither.
      DENO_WEBGPU_BACKEND: "none",
      ...(isLinux && { DENO_AUDIT_PERMISSIONS: "/dev/stderr" }),
    };
  }
}
