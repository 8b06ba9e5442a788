/**
 * The machine through Deno: environment, time, ids and digests.
 *
 * @module
 */

import type { MaybePromise } from "../core/contract/contract.ts";
import type { LogFile, LogFileSetup } from "../core/ports/log.ts";
import type { Clock, PluginHost } from "../core/ports/plugin_host.ts";
import type { RawFiles } from "../core/contract/raw_files.ts";
import type { System } from "../core/ports/system.ts";
import type { Telemetry } from "../core/ports/telemetry.ts";
import { hasAllPermissions } from "./all_permissions.ts";
import { DenoFiles } from "./deno_files.ts";
import { openRawFiles } from "./raw_names.ts";
import { keepsOutput } from "./standard_output.ts";

/** Number of digested bytes after which importing native code, which takes 47 ms and is four times as fast, saves time. */
const NATIVE_DIGEST_BYTES = 16_000_000;

/** A way to compute SHA-256, in lower-case hexadecimal. */
type Sha256 = (content: Uint8Array) => string;

/** Key under which Deno's telemetry, or an SDK of the program, registers version 1 of OpenTelemetry's API. */
const OPENTELEMETRY = Symbol.for("opentelemetry.js.api.1");

/** Longest delay of a timer, 24.8 days: a timer with a longer delay would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The system of the command line. A compiled program can be a runner itself. */
export function commandLineSystem(): DenoSystem {
  return new DenoSystem(Deno.build.standalone ? Deno.execPath() : undefined);
}

/** The system that stoQ runs on. */
export class DenoSystem implements System {
  readonly files = new DenoFiles();
  readonly clock = new DenoClock();
  readonly hasByteNames: boolean = Deno.build.os !== "windows" && Deno.build.os !== "darwin";
  readonly processors: number = navigator.hardwareConcurrency;
  readonly isCompiled: boolean = Deno.build.standalone;
  readonly runnerPath?: string;
  #digestedBytes = 0;
  #sha256: Sha256 | undefined;
  #nativeSha256: Sha256 | undefined;

  /** @param runnerPath this program, if it is an executable that can be a runner */
  constructor(runnerPath?: string) {
    this.runnerPath = runnerPath;
  }

  get rawFiles(): RawFiles | undefined {
    return openRawFiles();
  }

  get hasAllPermissions(): boolean {
    return hasAllPermissions();
  }

  keepsOutput(): Promise<boolean> {
    return keepsOutput();
  }

  env(name: string): string | undefined {
    try {
      return Deno.env.get(name);
    } catch (error) {
      // A variable that may not be read counts as not set.
      if (error instanceof Deno.errors.NotCapable) return undefined;
      throw error;
    }
  }

  envNames(): readonly string[] {
    const { state } = Deno.permissions.querySync({ name: "env" });
    return state === "granted" ? Object.keys(Deno.env.toObject()) : [];
  }

  newId(): string {
    return crypto.randomUUID();
  }

  sha256(content: Uint8Array): MaybePromise<string> {
    this.#digestedBytes += content.length;
    const isNative = this.#digestedBytes >= NATIVE_DIGEST_BYTES;
    const sha256 = isNative ? this.#nativeSha256 : this.#sha256;
    if (sha256) return sha256(content);
    return (isNative ? this.#loadNativeSha256() : this.#loadSha256()).then((sha256) => sha256(content));
  }

  warn(line: string): void {
    try {
      console.error(line);
    } catch (error) {
      // The disk is full: nothing can be reported, and the scan continues.
      if (!(error instanceof Error)) throw error;
    }
  }

  async openTelemetry(host: PluginHost, stoqVersion: string): Promise<Telemetry | undefined> {
    // Unlike the variable that turns it on, this can be read without a permission.
    if (!(OPENTELEMETRY in globalThis)) return undefined;
    const { OtelTelemetry } = await import("./otel_telemetry.ts");
    return new OtelTelemetry(host, stoqVersion);
  }

  async openLogFile(setup: LogFileSetup): Promise<LogFile> {
    const { openLogFile } = await import("./log_file.ts");
    return openLogFile(setup, { warn: (line) => this.warn(line), now: () => this.clock.now() });
  }

  async #loadSha256(): Promise<Sha256> {
    const { digest } = await import("../../wasm/digest/mod.ts");
    return this.#sha256 = (content) => digest(content, ["sha256"]).sha256;
  }

  async #loadNativeSha256(): Promise<Sha256> {
    const { createHash } = await import("node:crypto");
    return this.#nativeSha256 = (content) => createHash("sha256").update(content).digest("hex");
  }
}

/** A pending callback. */
interface Alarm {
  readonly dueMs: number;
  readonly callback: () => void;
  /** Absent until the current turn of the event loop ends. */
  timer?: ReturnType<typeof setTimeout>;
}

/** Monotonic and wall clock of the process. */
export class DenoClock implements Clock {
  /** Requested in this turn of the event loop. */
  readonly #fresh = new Set<Alarm>();
  #isTurnAwaited = false;

  now(): number {
    return performance.now();
  }

  date(): Date {
    return new Date();
  }

  after(ms: number, callback: () => void): () => void {
    if (ms === Infinity) return () => {};
    const alarm: Alarm = { dueMs: this.now() + ms, callback };
    this.#fresh.add(alarm);
    // No timer fires before the turn ends. Most timers are cancelled by then and are never set.
    if (!this.#isTurnAwaited) setImmediate(() => this.#endTurn());
    this.#isTurnAwaited = true;
    return () => {
      this.#fresh.delete(alarm);
      if (alarm.timer !== undefined) clearTimeout(alarm.timer);
    };
  }

  #endTurn(): void {
    this.#isTurnAwaited = false;
    const nowMs = this.now();
    for (const alarm of this.#fresh) {
      this.#fresh.delete(alarm);
      const waitMs = alarm.dueMs - nowMs;
      if (waitMs <= 0) alarm.callback();
      else alarm.timer = setTimeout(alarm.callback, Math.min(Math.ceil(waitMs), MAX_TIMER_MS));
    }
  }
}
