/**
 * A runner's main thread. It runs no plugin code: it forwards messages, keeps the secret, and ends the process when the host has
 * ended, even while threads of plugins are busy.
 *
 * @module
 */

import { encodeFrame, FrameReader } from "../frames.ts";
import {
  callMark,
  FRAME_LIMITS,
  HOST_MARK,
  type HostMessage,
  MAX_LOG_CHARACTERS,
  memoryMark,
  type OpenMessage,
  PROTOCOL_VERSION,
  type RunnerMessage,
  type StartMessage,
  type ThreadStart,
} from "../protocol.ts";
import { MAX_ERROR_CHARS } from "../../core/contract/limits.ts";
import { IdleWatch } from "./idle_watch.ts";
import { startMemoryThread } from "./memory_thread.ts";
import { PluginThread, type ThreadListener } from "./plugin_thread.ts";
import type { FromThread } from "./thread_protocol.ts";
import { startThread } from "./thread_start.ts";

/** Delay before this process watches its memory where the host does so from the start, in milliseconds. */
const MEMORY_THREAD_DELAY_MS = 1_000;

/** Exit codes of a runner, for debugging; the host decides by the last frame. */
const EXIT = { done: 0, memory: 3, broken: 4, notStarted: 5 } as const;

const encoder = new TextEncoder();

/** A thread that was started before the host asked for its plugin. */
interface EarlyThread extends ThreadStart {
  readonly worker: Worker;
}

/** Serves the host until standard input ends; ends at once without a secret. Never returns. */
export async function serveHost(
  secret: Uint8Array | undefined,
  early: EarlyThread | undefined,
): Promise<never> {
  if (!secret) Deno.exit(EXIT.notStarted);
  await new Guest(secret, early).serve();
  Deno.exit(EXIT.done);
}

class Guest implements ThreadListener {
  readonly #secret: Uint8Array;
  readonly #threads = new Map<string, PluginThread>();
  #call: { readonly id: number; readonly thread: PluginThread; readonly startMs: number } | undefined;
  #start: StartMessage | undefined;
  #isMemoryWatched = false;
  /** Threads that are loading their plugin. */
  readonly #opening = new Set<PluginThread>();
  /** The thread that received the last request. */
  #latest: PluginThread | undefined;
  readonly #idleWatch = new IdleWatch(
    () => !this.#call && this.#opening.size === 0,
    () => this.#latest && this.onBroken(this.#latest, "it continued to compute after its call"),
  );
  #early: EarlyThread | undefined;

  constructor(secret: Uint8Array, early: EarlyThread | undefined) {
    this.#secret = secret;
    this.#early = early;
  }

  async serve(): Promise<void> {
    this.#write({ type: "hello", version: PROTOCOL_VERSION });
    const reader = new FrameReader((into) => Deno.stdin.read(into), HOST_MARK, FRAME_LIMITS, () => {});
    for (let frame = await reader.next(); frame; frame = await reader.next()) {
      this.#handle(frame.message as HostMessage, frame.body);
    }
  }

  onMessage(thread: PluginThread, message: FromThread): void {
    switch (message.type) {
      case "opened":
        this.#opening.delete(thread);
        return this.#writeOf(thread, { type: "opened", plugin: thread.plugin });
      case "open-failed":
        this.#opening.delete(thread);
        return this.#writeOf(thread, {
          type: "open-failed",
          plugin: thread.plugin,
          failure: message.failure,
        });
      case "log":
        return this.#log(thread, message);
      case "exit":
        return this.onBroken(thread, message.reason);
      default:
        return this.#passOn(thread, message);
    }
  }

  onBroken(thread: PluginThread, reason: string): never {
    this.#write({
      type: "broken",
      plugin: thread.plugin,
      call: this.#call?.id ?? null,
      reason: reason.slice(0, MAX_ERROR_CHARS),
    });
    Deno.exit(EXIT.broken);
  }

  #handle(message: HostMessage, body: Uint8Array<ArrayBuffer>): void {
    switch (message.type) {
      case "start":
        this.#start = message;
        return;
      case "open":
        return this.#open(message);
      case "close":
        this.#threads.get(message.plugin)?.close();
        this.#threads.delete(message.plugin);
        return;
      case "call":
        this.#begin(message.id, message.plugin).send({ type: "call", call: message, content: body }, [
          body.buffer,
        ]);
        return;
      case "ingest":
        this.#begin(message.id, message.plugin).send({ type: "ingest", id: message.id });
        return;
      case "given":
        return this.#call?.thread.give(message.state, body);
      case "more":
      case "stop":
        return this.#call?.thread.send({ type: message.type });
      case "settle":
        return this.#call?.thread.send({
          type: "settle",
          delivery: message.delivery,
          outcomeJson: message.outcomeJson,
        });
    }
  }

  /** Forwards a log line within a rate limit. The host has a limit of its own; this one saves it the reading. */
  #log(thread: PluginThread, message: Extract<FromThread, { type: "log" }>): void {
    if (!thread.logBound.admit(performance.now())) return;
    this.#reportDropped(thread);
    const { level, message: text } = message;
    // A plugin can post a message without its logger, which would have cut the text.
    this.#writeOf(thread, {
      type: "log",
      plugin: thread.plugin,
      level: level.slice(0, MAX_LOG_CHARACTERS),
      message: text.slice(0, MAX_LOG_CHARACTERS),
    });
  }

  #reportDropped({ plugin, logBound }: PluginThread): void {
    const lines = logBound.takeDropped();
    if (lines > 0) this.#write({ type: "log-dropped", plugin, lines });
  }

  #open(message: OpenMessage): void {
    const thread = new PluginThread(this.#threadFor(message), message, this);
    this.#threads.set(message.plugin, thread);
    this.#opening.add(thread);
    this.#latest = thread;
    this.#idleWatch.reset();
    // Not earlier, so that the plugin loads at the same time. Not later: messages of the plugin may keep this thread busy from now on.
    this.#watchMemory();
  }

  #threadFor(start: ThreadStart): Worker {
    const early = this.#early;
    if (early?.plugin !== start.plugin) return startThread(start);
    this.#early = undefined;
    return early.worker;
  }

  #begin(id: number, plugin: string): PluginThread {
    const thread = this.#threads.get(plugin)!;
    this.#latest = thread;
    this.#idleWatch.reset();
    this.#call = { id, thread, startMs: performance.now() };
    return thread;
  }

  /** Forwards a message of the current call; any other message is forged, late or a duplicate. */
  #passOn(thread: PluginThread, message: Extract<FromThread, { id: number }>): void {
    const call = this.#call;
    if (call?.thread !== thread || call.id !== message.id) {
      return this.onBroken(thread, `it sent "${message.type}" for a call that is not in progress`);
    }
    switch (message.type) {
      case "contents":
        this.#writeOf(
          thread,
          { type: "contents", id: message.id, sizes: message.contents.map(({ length }) => length) },
          message.contents,
        );
        return thread.send({ type: "continue" });
      case "answer":
        return this.#end({ type: "answer", id: message.id, durationMs: this.#elapsed() }, message.json);
      case "thrown":
        return this.#end({ ...message, durationMs: this.#elapsed() });
      case "delivery": {
        const { json, ...delivery } = message;
        return this.#writeOf(thread, delivery, json);
      }
      default:
        // A provider's stream stays open after its end: its deliveries are settled later.
        return this.#writeOf(thread, message);
    }
  }

  #elapsed(): number {
    return performance.now() - this.#call!.startMs;
  }

  #end(message: Extract<RunnerMessage, { id: number }>, json?: string): void {
    const { thread } = this.#call!;
    this.#reportDropped(thread);
    this.#call = undefined;
    if (this.#start?.marksCalls) writeAll(Deno.stderr, encoder.encode(callMark(this.#secret, message.id)));
    this.#writeOf(thread, message, json);
  }

  /** Writes a message of a thread. A message that can't be encoded as a frame is the plugin's fault. */
  #writeOf(thread: PluginThread, message: RunnerMessage, body: string | readonly Uint8Array[] = []): void {
    let frame: Uint8Array[];
    try {
      frame = encodeFrame(this.#secret, message, typeof body === "string" ? [encoder.encode(body)] : body);
    } catch (error) {
      return this.onBroken(thread, `it sent a "${message.type}" that can't be written: ${error}`);
    }
    this.#writeFrame(frame);
  }

  #write(message: RunnerMessage): void {
    this.#writeFrame(encodeFrame(this.#secret, message));
  }

  /** Writes a frame synchronously, so that no other frame interrupts it. */
  #writeFrame(pieces: readonly Uint8Array[]): void {
    try {
      for (const piece of pieces) writeAll(Deno.stdout, piece);
    } catch (error) {
      // A host that no longer listens is a normal end; any other error is reported by the exit code.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      Deno.exit(EXIT.done);
    }
  }

  /** Watches the memory of the whole process: V8's own limit does not include memory outside its heap. */
  #watchMemory(): void {
    const { memoryBytes: limitBytes = null, isMemoryReadable = false } = this.#start ?? {};
    if (limitBytes === null || this.#isMemoryWatched) return;
    this.#isMemoryWatched = true;
    const start = () => {
      const watch = startMemoryThread({ limitBytes, mark: memoryMark(this.#secret) });
      // The host has received the report, and may be too busy to kill.
      watch.addEventListener("message", () => Deno.exit(EXIT.memory));
    };
    // Starting a thread takes 25 ms of a processor, which would delay a single scan.
    if (isMemoryReadable) setTimeout(start, MEMORY_THREAD_DELAY_MS);
    else start();
  }
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
}
