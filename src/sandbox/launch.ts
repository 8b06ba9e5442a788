/**
 * Commands that start runners: Deno with our modules, or a compiled binary.
 *
 * @module
 */

import { runnerNotStandalone } from "../core/contract/errors.ts";
import type { System } from "../core/ports/system.ts";
import { cacheModules } from "./deno_cache.ts";
import { type Grant, permissionFlags, sumOf } from "./grant.ts";
import type { ThreadStart } from "./protocol.ts";
import { RUNNER_WORD } from "./runner_word.ts";

/** The command of a process. */
export interface RunnerCommand {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Whether Deno writes its audit of permissions to standard error. */
  readonly hasAudit: boolean;
  readonly memoryBytes: number | null;
  /** Whether this process may read how much memory the runner uses. */
  readonly isMemoryReadable: boolean;
}

/** What a runner's plugins need. */
export interface RunnerNeeds {
  /** The union of its plugins' grants. */
  readonly grant: Grant;
  /** Folders from which modules of third-party plugins are loaded. */
  readonly codeFolders: readonly string[];
}

const ENTRY = new URL("./guest/main.ts", import.meta.url);
/** What the entry's threads import, and the entry therefore does not. */
const THREAD = new URL("./guest/thread.ts", import.meta.url);
const ROOT = new URL("../../", import.meta.url);
/**
 * Size limit of V8's semi-spaces. With the default of 32 MB each thread may keep 64 MB that are empty; with a quarter of it no
 * benchmark became slower.
 */
const MAX_YOUNG_MEGABYTES = 8;
/**
 * Work after which V8 compiles a function of WebAssembly again, with optimisations: ten times its default. Most runners end
 * before that pays. Measured against the default, a first text costs libmagic 0.7 of the processor time and five rule files cost
 * yara-x 0.5; scans of hundreds of files cost the same.
 */
const WASM_TIERING_BUDGET = 130_000_000;

/** V8's flags for a runner. */
export const RUNNER_V8_FLAGS =
  `--v8-flags=--max-semi-space-size=${MAX_YOUNG_MEGABYTES},--wasm-tiering-budget=${WASM_TIERING_BUDGET}`;

/** Environment variables with which Deno finds its cache, and those that it needs to start. */
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

/** Returns the parts that may be in a command line, which every process of the system can read. */
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
   * Returns the command of a runner.
   *
   * @param first the plugin that the runner starts to load at once; absent where its files must be verified first
   * @throws {StoqError} in a compiled program other than stoQ, which can't serve as runner
   */
  command(needs: RunnerNeeds, first?: ThreadStart): RunnerCommand {
    const isLinux = Deno.build.os === "linux";
    const common = {
      env: this.#environment(needs.grant, isLinux),
      // A folder without files of ours. Deno does not look for a configuration there.
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
      RUNNER_V8_FLAGS,
      ...this.#lockFlags(codeFolders.length > 0),
      ...permissionFlags(sumOf(grant, code)),
      ...(this.ownHost === undefined ? [] : [`--allow-import=${this.ownHost}`]),
      ENTRY.href,
    ];
  }

  /** Folders of stoQ's own modules. The process may read them, because threads load modules with its permissions; plugins may not. */
  get ownFolders(): readonly string[] {
    if (ROOT.protocol !== "file:") return [];
    return ["src", "plugins", "wasm"].map((folder) => this.#system.files.fromUrl(new URL(folder, ROOT).href));
  }

  /** Host of stoQ's own modules, if they do not come from a folder. */
  get ownHost(): string | undefined {
    return ROOT.protocol === "file:" ? undefined : ROOT.host;
  }

  /** stoQ's lock file pins its own packages; those of third-party plugins are not in it, and must not be added to it. */
  #lockFlags(isThirdParty: boolean): string[] {
    if (isThirdParty || ROOT.protocol !== "file:") return ["--no-lock"];
    return [`--lock=${this.#system.files.fromUrl(new URL("deno.lock", ROOT).href)}`, "--frozen"];
  }

  #environment({ env = [], run = [] }: Grant, isLinux: boolean): Record<string, string> {
    // Deno needs PATH to start a program, even by its absolute path.
    const names = [...ENVIRONMENT, ...run.length > 0 ? ["PATH"] : [], ...env];
    const known = names.flatMap((name) => {
      const value = this.#system.env(name);
      return value === undefined ? [] : [[name, value]];
    });
    return {
      ...Object.fromEntries(known),
      NO_COLOR: "1",
      // WebGPU needs no permission. With a backend that does not exist it finds no adapter, also in threads that plugins start.
      DENO_WEBGPU_BACKEND: "none",
      ...(isLinux && { DENO_AUDIT_PERMISSIONS: "/dev/stderr" }),
    };
  }
}
