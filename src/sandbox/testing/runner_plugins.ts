/**
 * Plugins for tests of runners: modules in a folder, and what it takes to open them in a real runner.
 *
 * @module
 */

import { DEFAULT_LIMITS, type Limits } from "../../core/contract/limits.ts";
import type { RunnerCommand } from "../launch.ts";
import { encodePlain } from "../plain_codec.ts";
import type { OpenMessage } from "../protocol.ts";

const SOURCES = new URL("../../../", import.meta.url).pathname;
const ENTRY = new URL("../guest/main.ts", import.meta.url);

/** Workers whose modules are written to a folder, removed when it goes out of scope. */
export class RunnerPlugins implements Disposable {
  readonly #folder = Deno.makeTempDirSync({ prefix: "stoq-runner-test-" });
  readonly #limits: Limits;

  /** @param bodies bodies of `scan` by name of the plugin; what precedes `---` is run when the module is loaded */
  constructor(bodies: Readonly<Record<string, string>>, limits: Partial<Limits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    for (const [name, body] of Object.entries(bodies)) {
      const [scan, atLoad = ""] = body.split("---").reverse();
      Deno.writeTextFileSync(
        `${this.#folder}/${name}.js`,
        `${atLoad}\nexport default () => ({ async scan(payload) { ${scan} } });`,
      );
    }
  }

  /** What opens a plugin. */
  open(plugin: string): OpenMessage {
    const module = new URL(`file://${this.#folder}/${plugin}.js`).href;
    return {
      type: "open",
      plugin,
      roles: ["worker"],
      module,
      optionsJson: "{}",
      stoqHome: "/nonexistent",
      outputPaths: [],
      pluginDir: null,
      permissions: { read: [this.#folder] },
      revoked: [{ name: "read", path: this.#folder }],
      limitsJson: encodePlain(this.#limits),
    };
  }

  /** A runner that may load the plugins and watches its own memory. */
  command(): RunnerCommand {
    const env = Object.fromEntries(
      ["HOME", "DENO_DIR", "XDG_CACHE_HOME"].flatMap((name) => {
        const value = Deno.env.get(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const flags = [
      "--quiet",
      "--no-prompt",
      "--no-config",
      "--no-lock",
      "--cached-only",
      "--unstable-worker-options",
      `--allow-read=${SOURCES},${this.#folder}`,
    ];
    const { runnerMemoryBytes } = this.#limits;
    return {
      path: Deno.execPath(),
      args: ["run", ...flags, ENTRY.href, "null"],
      env: { ...env, NO_COLOR: "1" },
      cwd: "/",
      hasAudit: false,
      memoryBytes: Number.isFinite(runnerMemoryBytes) ? runnerMemoryBytes : null,
      isMemoryReadable: false,
    };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}
