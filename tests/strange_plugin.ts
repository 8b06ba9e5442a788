/**
 * Untrusted plugins for tests: written to a folder, run by the library.
 *
 * @module
 */

import { Stoq, type StoqOptions, type StoqResponse } from "../mod.ts";
import { childrenOf, commandOf } from "./processes.ts";
import { TempFolder } from "./run_stoq.ts";

/** A stoQ with an untrusted plugin. */
export interface Sandbox extends AsyncDisposable {
  readonly stoq: Stoq;
  scan(): Promise<StoqResponse>;
  /** Returns the processes that run its plugins; other tests have runners of their own in this process. */
  runners(): number[];
}

/** An untrusted plugin: its code, and additions to its manifest. */
export interface StrangePlugin {
  readonly code: string;
  readonly manifest?: object;
}

/** Opens a stoQ that runs plugins in processes, with an untrusted plugin of this code. */
export function sandbox(code: string, options: StoqOptions = {}, manifest: object = {}): Sandbox {
  return sandboxOf({ evil: { code, manifest } }, { alwaysDispatch: ["evil", "hash"], ...options });
}

/** Opens a stoQ that runs plugins in processes, with several untrusted plugins by name. */
export function sandboxOf(
  plugins: Readonly<Record<string, StrangePlugin>>,
  options: StoqOptions = {},
): Sandbox {
  const folder = new TempFolder();
  for (const [name, { code, manifest }] of Object.entries(plugins)) {
    const facts = {
      name,
      version: "1.0.0",
      description: "For tests",
      roles: ["worker"],
      api: 1,
      ...manifest,
    };
    folder.write(`${name}/manifest.json`, JSON.stringify(facts));
    folder.write(`${name}/mod.ts`, code);
  }
  const stoq = new Stoq({
    stoqHome: "/proc/nonexistent/stoq-home",
    isolation: "process",
    pluginDirList: [folder.path],
    ...options,
  });
  return {
    stoq,
    scan: () => stoq.scan("The quick brown fox"),
    // A runner may read the folder, which its flags say.
    runners: () => childrenOf(Deno.pid).filter((pid) => commandOf(pid).includes(folder.path)),
    [Symbol.asyncDispose]: async () => {
      await stoq.close();
      folder[Symbol.dispose]();
    },
  };
}

/** Returns a plugin's module with a method `scan` of this body. */
export const scanning = (body: string) =>
  `export default (options, context) => ({ async scan(payload, request) { ${body} } });`;
