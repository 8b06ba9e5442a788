/**
 * The machine through Deno: environment, time, ids and digests.
 *
 * @module
 */

import { loadDigest } from "../../wasm/digest/mod.ts";
import type { MaybePromise } from "../core/contract.ts";
import type { Clock } from "../core/plugin_host.ts";
import type { System } from "../core/system.ts";
import { DenoFiles } from "./deno_files.ts";

/** The system that stoQ runs on. */
export class DenoSystem implements System {
  readonly files = new DenoFiles();
  readonly clock = new DenoClock();

  env(name: string): string | undefined {
    try {
      return Deno.env.get(name);
    } catch (error) {
      // Without the permission to read it, a variable is as good as not set.
      if (error instanceof Deno.errors.NotCapable) return undefined;
      throw error;
    }
  }

  newId(): string {
    return crypto.randomUUID();
  }

  sha256(_content: Uint8Array): MaybePromise<string> {
    return "";
  }

  warn(line: string): void {
    console.error(line);
  }
}

/** Monotonic and wall clock of the process. */
export class DenoClock implements Clock {
  now(): number {
    return performance.now();
  }

  date(): Date {
    return new Date();
  }

  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  }
}
