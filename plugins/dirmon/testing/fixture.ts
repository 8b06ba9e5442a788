/**
 * Folders, contexts, time and events for dirmon's tests.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Delivery, PluginContext, RawFiles, SkippedItem } from "../../../src/plugin/define.ts";
import type { Clock } from "../../../src/plugin/kit/clock.ts";
import type { FolderWatcher } from "../change_feed.ts";
import dirmon, { type DirmonOptions } from "../mod.ts";

export { namesIn, temporaryFolder } from "../../../src/plugin/kit/testing/files.ts";

/** A log that collects lines, and resolves a promise when one matches a pattern. */
export class LogRecorder {
  readonly lines: string[] = [];
  readonly #waiting: { readonly pattern: RegExp; readonly resolve: () => void }[] = [];
  readonly log = {
    debug: () => {},
    info: (message: string) => this.#add(`info ${message}`),
    warn: (message: string) => this.#add(`warn ${message}`),
    error: (message: string) => this.#add(`error ${message}`),
  };

  /** The lines above the level `info`. */
  get problems(): string[] {
    return this.lines.filter((line) => !line.startsWith("info "));
  }

  /** Resolves when a line that matches is there. */
  line(pattern: RegExp): Promise<void> {
    if (this.lines.some((line) => pattern.test(line))) return Promise.resolve();
    return new Promise((resolve) => void this.#waiting.push({ pattern, resolve }));
  }

  #add(line: string): void {
    this.lines.push(line);
    for (const { pattern, resolve } of this.#waiting) if (pattern.test(line)) resolve();
  }
}

/** The plugin with its manifest's defaults, except for what is given. */
export async function pluginWith(
  options: Partial<DirmonOptions>,
  closed = new AbortController().signal,
  outputPaths: readonly string[] = [],
  rawFiles?: RawFiles,
) {
  const keeper = new LogRecorder();
  const context: PluginContext = {
    log: keeper.log,
    signal: closed,
    stoqHome: "/stoq",
    pluginDir: undefined,
    outputPaths,
    rawFiles,
  };
  const plugin = await dirmon({
    recursive: true,
    existing: false,
    include: [],
    exclude: [],
    settleTime: 0.5,
    afterScan: "leave",
    ...options,
  }, context);
  return { ingest: plugin.ingest!, keeper };
}

/** Folder, name and text of a delivered payload. */
export function deliveredBy({ item }: Delivery): { folder: unknown; name: unknown; text: string } {
  assert.equal(item.kind, "payload");
  const { content, payloadMeta } = (item as Extract<Delivery["item"], { kind: "payload" }>).payload;
  const { filename: name, source_dir: folder, ...others } = payloadMeta?.extraData ?? {};
  assert.deepEqual(others, {});
  return { folder, name, text: new TextDecoder().decode(content as Uint8Array) };
}

/** Name and text of the next payload. */
export async function nextOf(deliveries: AsyncIterator<Delivery>): Promise<[name: unknown, text: string]> {
  const { done, value } = await deliveries.next();
  assert.ok(!done, "there should be a delivery");
  const { name, text } = deliveredBy(value);
  return [name, text];
}

/**
 * A clock that advances only when a timer is set, and then at once to the end of the timer. `whileAsleep` is called before, once
 * for each end.
 */
export class SteppingClock implements Clock {
  whileAsleep: (untilMs: number) => unknown = () => {};
  #nowMs = 0;
  #lastUntilMs = -1;

  now(): number {
    return this.#nowMs;
  }

  startTimer(delayMs: number, ring: () => void): () => void {
    let isOff = false;
    const untilMs = this.#nowMs + delayMs;
    assert.ok(untilMs < 3_600_000, "something should have happened within an hour");
    const pass = async () => {
      if (untilMs !== this.#lastUntilMs) {
        this.#lastUntilMs = untilMs;
        await this.whileAsleep(untilMs);
      }
      // Work that events have started comes first.
      await new Promise((resolve) => setTimeout(resolve));
      if (isOff) return;
      this.#nowMs = untilMs;
      ring();
    };
    void pass();
    return () => void (isOff = true);
  }
}

/** Events that a test makes. */
export class FakeWatcher implements FolderWatcher {
  isClosed = false;
  readonly #stream = new TransformStream<Deno.FsEvent, Deno.FsEvent>(undefined, { highWaterMark: Infinity });
  readonly #writer = this.#stream.writable.getWriter();

  emit(kind: Deno.FsEvent["kind"], paths: string[], flag?: "rescan"): void {
    void this.#writer.write({ kind, paths, flag });
  }

  fail(error: Error): void {
    this.#writer.abort(error).catch(() => {});
  }

  close(): void {
    assert.equal(this.isClosed, false, "a watcher is closed once");
    this.isClosed = true;
    this.#writer.close().catch(() => {});
  }

  [Symbol.asyncIterator](): AsyncIterator<Deno.FsEvent> {
    return this.#stream.readable[Symbol.asyncIterator]();
  }
}

/** Makes a file whose name begins with a byte that is not UTF-8, which Deno itself can't. */
export async function putUnnameable(folder: string, name: string): Promise<void> {
  const script = `: > "$1/$(printf '\\377')$2"`;
  const { success } = await new Deno.Command("sh", { args: ["-c", script, "sh", folder, name] }).output();
  assert.ok(success);
}

/** What is reported as skipped by the next delivery. */
export async function skippedBy(deliveries: AsyncIterator<Delivery>): Promise<SkippedItem> {
  const { value } = await deliveries.next();
  assert.equal(value.item.kind, "skipped");
  return value.item.skipped;
}
