/**
 * A runner process as the host sees it.
 *
 * @module
 */

import type { DeliveryOutcome } from "../core/contract/contract.ts";
import { describeThrown } from "../core/contract/errors.ts";
import type { AnyCall } from "../core/ports/plugin_host.ts";
import { Exchange, type ExchangeEnd, type NumberedItem, parametersJsonOf, toError } from "./exchange.ts";
import { encodeFrame, FrameError, type FrameLimits, FrameReader, readInto, SECRET_BYTES } from "./frames.ts";
import type { RunnerCommand } from "./launch.ts";
import { MemoryWatch } from "./memory_watch.ts";
import { OutputMeter } from "./output_meter.ts";
import { encodePlain } from "./plain_codec.ts";
import {
  GREETING,
  HOST_MARK,
  type HostMessage,
  MAX_OUTWARD_JSON_BYTES,
  MAX_PRINTED_BYTES,
  type OpenMessage,
  PROTOCOL_VERSION,
  STREAM_OUTPUT_MS,
} from "./protocol.ts";
import { type ExitCause, RunnerExit } from "./runner_exit.ts";
import { type Attempt, RunnerStderr } from "./runner_stderr.ts";
import { readRunnerMessage } from "./message_shape.ts";

const encoder = new TextEncoder();

/** Longest printed line, in characters; a longer one is logged in parts. */
const MAX_LINE_CHARACTERS = 20_000;

/** Plugins that are open at once: each has a thread, and 45 idle threads take 349 MB. */
const MAX_OPEN_PLUGINS = 8;

/** Receives what plugins write to the log. */
export interface RunnerLog {
  line(plugin: string, level: string, message: string): void;
  dropped(plugin: string, lines: number): void;
}

/** How a call ended, and the permissions that it needed. */
export interface RunnerCallEnd extends ExchangeEnd {
  readonly attempts: readonly Attempt[];
}

/** A provider's stream in a runner. */
export interface RunnerStream {
  /** Returns the next delivery; `undefined` at the end. @throws {StoqError} what the provider threw, {RunnerExit} */
  next(): Promise<NumberedItem | undefined>;
  /** Settles a delivery. @throws {StoqError} what the provider threw, {RunnerExit} */
  settle(number: number, outcome: DeliveryOutcome): Promise<void>;
  /** Asks the provider to deliver nothing more. */
  stop(): void;
}

/** One process; it makes one call at a time. */
export class Runner {
  /** Number of calls so far. */
  calls = 0;
  readonly #child: Deno.ChildProcess;
  readonly #secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  readonly #log: RunnerLog;
  readonly #output: ReadableStreamDefaultReader<Uint8Array>;
  readonly #stderr: RunnerStderr;
  readonly #opened = new Map<string, PromiseWithResolvers<void>>();
  /** Plugins that can be called, the least recently used first. */
  readonly #ready = new Set<string>();
  /** Plugins that are or were open. */
  readonly #known = new Set<string>();
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** Rejects everything that waits for the process. */
  readonly #onExit = new Set<(exit: RunnerExit) => void>();
  #exit: RunnerExit | undefined;
  readonly #ended: Promise<void>;
  /** The limit `resultBytes` of the scan. */
  readonly #resultBytes: number;
  readonly #memoryWatch: MemoryWatch | undefined;
  #exchange: Exchange | undefined;
  readonly #decoder = new TextDecoder();
  readonly #printed = new OutputMeter(MAX_PRINTED_BYTES);
  /** Number of callers that wait for the process. */
  #waiting = 0;
  /** Start of a printed line whose end has not arrived. */
  #openLine = "";
  #nextId = 1;

  /** Starts the process. @throws {Deno.errors.NotCapable} without permission to run it */
  constructor(
    { path, args, env, cwd, hasAudit, memoryBytes, isMemoryReadable }: RunnerCommand,
    log: RunnerLog,
    resultBytes: number,
  ) {
    this.#resultBytes = resultBytes;
    this.#child = new Deno.Command(path, {
      args: [...args],
      env,
      cwd,
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#log = log;
    this.#writer = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.getReader();
    this.#stderr = new RunnerStderr(this.#child.stderr, this.#secret, hasAudit, {
      onLine: (line) => this.#logLine(line),
      onFlood: (bytes) => this.kill({ kind: "flood", bytes }),
      onMemory: (bytes) => this.kill({ kind: "memory", bytes }),
      onFailure: (reason) => this.#endForBreach(reason),
    });
    this.#write([encoder.encode(GREETING), this.#secret]);
    this.#send({ type: "start", marksCalls: hasAudit, memoryBytes, isMemoryReadable });
    if (isMemoryReadable && memoryBytes !== null) {
      this.#memoryWatch = new MemoryWatch(
        this.#child.pid,
        memoryBytes,
        (bytes) => this.kill({ kind: "memory", bytes }),
      );
    }
    this.#ended = this.#listen();
    // A program that does not close its Stoq ends all the same, and the runner with it.
    this.#child.unref();
  }

  get isAlive(): boolean {
    return this.#exit === undefined;
  }

  /** Returns whether a plugin is open here. */
  isReady(plugin: string): boolean {
    return this.#ready.has(plugin);
  }

  /** Plugins that are or were open here, or failed to open. Each may have left something behind. */
  get plugins(): readonly string[] {
    return [...this.#known];
  }

  /** Opens a plugin, once; where there are too many the least recently used one is closed. @throws {StoqError} when it can't be loaded, {RunnerExit} */
  async open(message: OpenMessage): Promise<void> {
    this.#refuseIfGone();
    const known = this.#opened.get(message.plugin);
    if (known) return await this.#alive(known.promise);
    this.#makeRoom();
    const opened = Promise.withResolvers<void>();
    opened.promise.catch(() => {});
    this.#opened.set(message.plugin, opened);
    this.#known.add(message.plugin);
    this.#send(message);
    await this.#alive(opened.promise);
    this.#ready.add(message.plugin);
  }

  #makeRoom(): void {
    const [leastUsed] = this.#ready;
    if (this.#opened.size < MAX_OPEN_PLUGINS || leastUsed === undefined) return;
    this.#ready.delete(leastUsed);
    this.#opened.delete(leastUsed);
    this.#send({ type: "close", plugin: leastUsed });
  }

  /** Calls an open plugin. @throws {RunnerExit} when the process ends before the call does */
  async call(plugin: string, call: AnyCall): Promise<RunnerCallEnd> {
    this.#refuseIfGone();
    const id = this.#nextId++;
    this.#ready.delete(plugin);
    this.#ready.add(plugin);
    const exchange = this.#begin(id, plugin, call);
    const message: HostMessage = {
      type: "call",
      id,
      plugin,
      role: call.role,
      parametersJson: parametersJsonOf(call),
    };
    this.#send(message, "payload" in call ? [call.payload.content] : []);
    const [end, attempts] = await this.#alive(Promise.all([exchange.end, this.#stderr.attempts()]));
    this.#endLine();
    this.#exchange = undefined;
    return { ...end, attempts };
  }

  /** Starts an open provider's stream. */
  ingest(plugin: string): RunnerStream {
    const id = this.#nextId++;
    const exchange = this.#begin(id, plugin);
    this.#send({ type: "ingest", id, plugin });
    return {
      next: async () => {
        const delivery = exchange.nextDelivery();
        this.#printed.begin(STREAM_OUTPUT_MS);
        this.#stderr.countAnew(STREAM_OUTPUT_MS);
        this.#send({ type: "more", id });
        return await this.#alive(delivery);
      },
      settle: async (number, outcome) => {
        const settled = exchange.settled(number);
        this.#send({ type: "settle", id, delivery: number, outcomeJson: encodePlain(outcome) });
        await this.#alive(settled);
      },
      stop: () => this.#send({ type: "stop", id }),
    };
  }

  /** Resolves when the process has ended. */
  async ended(): Promise<void> {
    this.#waiting++;
    this.#keepAlive(true);
    await this.#ended;
  }

  /** Ends the process because a call took too long or is no longer wanted. */
  giveUp(reason: unknown): void {
    this.kill({ kind: "given-up", reason });
  }

  /** Ends the process at once; everything that waits for it gets the reason. */
  kill(cause: ExitCause): void {
    if (this.#exit) return;
    this.#exit = new RunnerExit(cause, this.plugins);
    this.#memoryWatch?.stop();
    for (const reject of this.#onExit) reject(this.#exit);
    this.#writer.abort().catch(() => {});
    // A program that the plugin was allowed to start may keep the streams open.
    this.#output.cancel().catch(() => {});
    this.#stderr.stop();
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It has already ended, which Deno has noticed (TypeError) or not (NotFound).
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** The process may have ended since the runner was acquired. */
  #refuseIfGone(): void {
    if (this.#exit) throw new RunnerExit({ kind: "gone", lastOutput: this.#exit.lastOutput });
  }

  #begin(id: number, plugin: string, call?: AnyCall): Exchange {
    this.calls++;
    const windowMs = call ? Infinity : STREAM_OUTPUT_MS;
    this.#printed.begin(windowMs);
    this.#stderr.begin(id, windowMs);
    return this.#exchange = new Exchange(id, plugin, this.#resultBytes, () => this.isAlive, call);
  }

  /** Waits for an answer or the end of the process. The process keeps the program alive while callers wait for it. */
  async #alive<T>(answer: Promise<T>): Promise<T> {
    // A race against a promise of the runner's end would keep all answers in memory until then.
    const waiting = Promise.withResolvers<T>();
    this.#onExit.add(waiting.reject);
    answer.then(waiting.resolve, waiting.reject);
    if (this.#exit) waiting.reject(this.#exit);
    if (this.#waiting++ === 0) {
      this.#keepAlive(true);
      if (!this.#exit) this.#memoryWatch?.start();
    }
    try {
      return await waiting.promise;
    } finally {
      this.#onExit.delete(waiting.reject);
      if (--this.#waiting === 0) {
        this.#keepAlive(false);
        this.#memoryWatch?.stop();
      }
    }
  }

  /** Sets whether the process keeps the program alive. A process that has ended has no effect. */
  #keepAlive(isNeeded: boolean): void {
    try {
      if (isNeeded) this.#child.ref();
      else this.#child.unref();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  #send(message: HostMessage, bodies: readonly Uint8Array[] = []): void {
    this.#write(encodeFrame(HOST_MARK, message, bodies));
  }

  #write(pieces: readonly Uint8Array[]): void {
    // A broken pipe means that the runner has ended, which its output explains better.
    for (const piece of pieces) this.#writer.write(piece).catch(() => {});
  }

  /** Reads until the process has ended. Never rejects: each failure is a breach of this process alone. */
  async #listen(): Promise<void> {
    try {
      await this.#readFrames();
      this.#endLine();
    } catch (reason) {
      this.#endForBreach(reason);
    }
    const { code, signal } = await this.#child.status;
    const lastOutput = await this.#stderr.lastOutput();
    this.kill({ kind: "ended", code, signal, lastOutput });
  }

  async #readFrames(): Promise<void> {
    const onPrinted = (bytes: Uint8Array) => this.#readPrinted(bytes);
    const mostBodyBytes = () => this.#exchange?.mostBytes ?? 0;
    const limits: FrameLimits = {
      jsonBytes: MAX_OUTWARD_JSON_BYTES,
      get bodyBytes() {
        return mostBodyBytes();
      },
    };
    const reader = new FrameReader(readInto(this.#output), this.#secret, limits, onPrinted);
    for (let frame = await reader.next(); frame; frame = await reader.next()) {
      await this.#take(frame.message, frame.body);
    }
  }

  /**
   * Ends the process because of an exception while its output was read: a damaged frame, or a failure of our code or of the log
   * that the output caused.
   */
  #endForBreach(thrown: unknown): void {
    // The output of a killed process may end anywhere.
    if (this.#exit) return;
    const isWaitedFor = this.#waiting > 0;
    const reason = thrown instanceof FrameError ? thrown.message : describeThrown(thrown);
    this.kill({ kind: "breach", reason });
    const plugin = this.#attributedTo;
    if (plugin === undefined || (isWaitedFor && thrown instanceof FrameError)) return;
    try {
      this.#log.line(plugin, "warn", `its process broke the protocol and was ended: ${reason}`);
    } catch {
      // The log itself may have failed. A waiting call reports the reason.
    }
  }

  async #take(value: unknown, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const message = readRunnerMessage(value);
    if ("plugin" in message && !this.#known.has(message.plugin)) {
      throw new FrameError("it sent a message about a plugin that it does not run");
    }
    switch (message.type) {
      case "hello":
        if (message.version !== PROTOCOL_VERSION) {
          throw new FrameError(
            `its protocol must have version ${PROTOCOL_VERSION}, got ${message.version}`,
          );
        }
        return;
      case "opened":
        return this.#opened.get(message.plugin)?.resolve();
      case "open-failed":
        return this.#opened.get(message.plugin)?.reject(toError(message.failure));
      case "log":
        return this.#log.line(message.plugin, message.level, message.message);
      case "log-dropped":
        return this.#log.dropped(message.plugin, message.lines);
      case "broken":
        // No call would report it.
        if (this.#waiting === 0) {
          this.#log.line(message.plugin, "warn", `its process was ended: ${message.reason}`);
        }
        return this.kill({
          kind: "broken",
          plugin: message.plugin,
          isLate: message.call !== (this.#exchange?.id ?? null),
          reason: message.reason,
        });
      default: {
        const exchange = this.#exchange;
        if (exchange?.id !== message.id) {
          throw new FrameError(`it answered call ${message.id}, which is not in progress`);
        }
        const given = await exchange.take(message, body);
        if (given) this.#send({ type: "given", id: message.id, state: given.state }, [given.body]);
      }
    }
  }

  /** Logs the lines that a plugin prints without its console. */
  #readPrinted(bytes: Uint8Array): void {
    if (this.#printed.add(bytes.length)) return this.kill({ kind: "flood", bytes: this.#printed.bytes });
    const lines = (this.#openLine + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#openLine = lines.pop()!;
    for (const line of lines) this.#logLine(line);
    if (this.#openLine.length > MAX_LINE_CHARACTERS) this.#endLine();
  }

  #endLine(): void {
    this.#logLine(this.#openLine);
    this.#openLine = "";
  }

  #logLine(line: string): void {
    const plugin = this.#attributedTo;
    if (plugin !== undefined && line !== "") this.#log.line(plugin, "info", line);
  }

  /** The plugin to which output without a name is attributed. */
  get #attributedTo(): string | undefined {
    return this.#exchange?.plugin ?? this.plugins.at(-1);
  }
}
