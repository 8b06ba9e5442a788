/**
 * A runner's standard error: text that plugins print, Deno's audit of permissions, and the marks that end calls.
 *
 * @module
 */

import { PERMISSIONS } from "../plugin/permission.ts";
import type { Permission } from "../plugin/permission.ts";
import { OutputMeter } from "./output_meter.ts";
import { callMark, MAX_AUDIT_BYTES, MAX_PRINTED_BYTES, memoryMark } from "./protocol.ts";

/** A kind of permission that Deno's audit names: what a manifest may ask for, and `import`, which it may not. */
type AuditKind = Permission | "import";

const AUDIT_KINDS: readonly unknown[] = [...PERMISSIONS, "import"] satisfies readonly AuditKind[];

/** A permission that code in the runner needed. The audit does not say whether it was granted. */
export interface Attempt {
  readonly permission: AuditKind;
  /** Path, host, name of a variable, … */
  readonly resource: string;
}

/** Receives lines that are neither audit nor mark, and reasons to end the runner. */
export interface StderrListener {
  onLine(line: string): void;
  /** More bytes came during one call than are allowed. */
  onFlood(bytes: number): void;
  /** The process has more resident memory than it may. */
  onMemory(bytes: number): void;
  /** Reading failed, or a listener did. Nothing more is read. */
  onFailure(reason: unknown): void;
}

/** Longest line, in characters; the rest of it is dropped. */
const MAX_LINE_CHARACTERS = 20_000;
/** Most attempts that are kept of one call. */
const MAX_ATTEMPTS = 50;
/** Lines that are kept for the error when the process ends. */
const MAX_LAST_LINES = 5;

/** Reads standard error to its end. */
export class RunnerStderr {
  readonly #secret: Uint8Array;
  readonly #hasAudit: boolean;
  readonly #listener: StderrListener;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #memoryMark: string;
  readonly #ended: Promise<void>;
  readonly #attempts = new Map<string, Attempt>();
  readonly #lastLines: string[] = [];
  #marked = Promise.withResolvers<void>();
  #mark: string | undefined;
  readonly #printed = new OutputMeter(MAX_PRINTED_BYTES);
  readonly #audited = new OutputMeter(MAX_AUDIT_BYTES);
  #hasEnded = false;

  /** @param hasAudit whether Deno writes its audit here, and calls are marked */
  constructor(
    stream: ReadableStream<Uint8Array>,
    secret: Uint8Array,
    hasAudit: boolean,
    listener: StderrListener,
  ) {
    this.#secret = secret;
    this.#memoryMark = memoryMark(secret).trimStart();
    this.#hasAudit = hasAudit;
    this.#listener = listener;
    this.#reader = stream.getReader();
    this.#ended = this.#read();
  }

  /** Attributes everything that follows to a call. @param windowMs see {@link OutputMeter.begin} */
  begin(id: number, windowMs?: number): void {
    this.countAnew(windowMs);
    this.#attempts.clear();
    this.#mark = callMark(this.#secret, id).trim();
    this.#marked = Promise.withResolvers();
    if (this.#hasEnded) this.#marked.resolve();
  }

  /** Resets the counts of printed bytes. */
  countAnew(windowMs?: number): void {
    this.#printed.begin(windowMs);
    this.#audited.begin(windowMs);
  }

  /** Returns the permissions that the last call needed. */
  async attempts(): Promise<readonly Attempt[]> {
    if (!this.#hasAudit) return [];
    await this.#marked.promise;
    return [...this.#attempts.values()];
  }

  /** Returns the lines that were printed last, joined. Waits for the end of the stream. */
  async lastOutput(): Promise<string> {
    await this.#ended;
    return this.#lastLines.join(" ").trim();
  }

  /** Stops reading. */
  stop(): void {
    this.#reader.cancel().catch(() => {});
  }

  /** Reads to the end. Never rejects. */
  async #read(): Promise<void> {
    try {
      await this.#readLines();
    } catch (reason) {
      this.#listener.onFailure(reason);
    }
    this.#hasEnded = true;
    this.#marked.resolve();
  }

  async #readLines(): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop()!.slice(0, MAX_LINE_CHARACTERS);
      let auditBytes = 0;
      for (const line of lines) {
        if (this.#takeAttempt(line)) auditBytes += line.length + 1;
        else this.#take(line);
      }
      this.#count(this.#audited, auditBytes);
      this.#count(this.#printed, value.length - auditBytes);
    }
    if (rest !== "" && !this.#takeAttempt(rest)) this.#take(rest);
  }

  #count(meter: OutputMeter, bytes: number): void {
    if (meter.add(bytes)) this.#listener.onFlood(meter.bytes);
  }

  /** Notes the attempt of an audit line. Returns whether the line is one. */
  #takeAttempt(line: string): boolean {
    const attempt = this.#hasAudit ? readAudit(line) : undefined;
    if (!attempt) return false;
    if (this.#attempts.size < MAX_ATTEMPTS) {
      this.#attempts.set(`${attempt.permission} ${attempt.resource}`, attempt);
    }
    return true;
  }

  #take(line: string): void {
    if (line === "") return;
    if (line === this.#mark) return this.#marked.resolve();
    if (line.startsWith(this.#memoryMark)) {
      return this.#listener.onMemory(Number(line.slice(this.#memoryMark.length)));
    }
    const short = line.slice(0, MAX_LINE_CHARACTERS);
    this.#lastLines.push(short);
    if (this.#lastLines.length > MAX_LAST_LINES) this.#lastLines.shift();
    this.#listener.onLine(short);
  }
}

/**
 * Returns the attempt of a line of Deno's audit. A plugin can print such a line, which only reports the plugin. A line with a kind
 * of permission that Deno does not have is printed text.
 */
function readAudit(line: string): Attempt | undefined {
  if (!line.startsWith('{"v":1,"datetime":')) return undefined;
  try {
    const { permission, value } = JSON.parse(line) as Record<string, unknown>;
    if (!isAuditKind(permission)) return undefined;
    return { permission, resource: typeof value === "string" ? value : "" };
  } catch (error) {
    // A plugin printed an imitation.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isAuditKind(word: unknown): word is AuditKind {
  return AUDIT_KINDS.includes(word);
}
