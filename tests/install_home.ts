/**
 * A STOQ_HOME into which plugins are installed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { runStoq, type StoqRun, TempFolder } from "./run_stoq.ts";

/** A STOQ_HOME, and stoQ run with it. */
export class Home extends TempFolder {
  /** Runs stoQ in the folder. */
  run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<StoqRun> {
    return runStoq(words, { env: { STOQ_HOME: this.at("home"), ...env }, cwd: this.path });
  }

  /** Installs, which must succeed. */
  async install(...words: string[]): Promise<void> {
    const run = await this.run(["install", ...words, "--yes"]);
    assert.equal(run.code, 0, run.stderr);
  }

  /** Scans a file with two capitals; returns how many the plugin counted. */
  async capitals(
    ...words: string[]
  ): Promise<{ capitals: unknown; errors: { code: string; error: string }[]; run: StoqRun }> {
    const file = this.write("input.txt", "Hello World");
    const run = await this.run(["scan", "-a", "shout", "--format", "json", ...words, "--", file]);
    const { results, errors } = run.stdout === "" ? { results: [], errors: [] } : JSON.parse(run.stdout);
    return { capitals: results[0]?.workers.shout?.capitals, errors, run };
  }

  /** Reads `stoq.lock`. */
  lock(): {
    plugins: Record<
      string,
      {
        reference: string;
        files: Record<string, { sha256: string; source?: string }>;
        packages: Record<string, string>;
      }
    >;
  } {
    return JSON.parse(Deno.readTextFileSync(this.at("home/stoq.lock")));
  }

  /** The folder of the plugin. */
  get folder(): string {
    return this.at("home/plugins/shout");
  }
}
