/**
 * Why plugins ran on a payload, or why not: what the rounds and archivers report, put into one line for each plugin and role.
 *
 * It exists only when explanations were asked for, and decides nothing. Every plugin that was selected has a line for every payload;
 * other plugins only where something asked for them. What hostile files may make long is bounded: phrases, phrases in a line, and lines
 * of plugins that were not selected.
 *
 * @module
 */

import type { CallOutcome } from "./plugin_call.ts";
import type { Explanation, RequestMeta, Role } from "../contract/contract.ts";
import type { PluginSelection } from "./environment.ts";
import { neverRan, type StoqError } from "../contract/errors.ts";
import { recursionReached, timedOutBefore } from "../contract/limit_errors.ts";
import type { Limits } from "../contract/limits.ts";
import type { Plain } from "../contract/plain.ts";
import type { PayloadState } from "./payload_state.ts";

/** Longest phrase, in characters; the error itself, in `errors`, is longer. */
const MAX_PHRASE_CHARS = 300;

/** Phrases in one list, such as of who asked. */
const MAX_PHRASES = 8;

/** Lines of a payload about workers that were asked for without being selected, unless they ran. */
const MAX_ASKED_LINES = 100;

/** All phrases and names that are kept of a request, in characters. */
const MAX_CHARS_IN_ALL = 10_000_000;

/** Roles that have to do with payloads, in the order of their lines, with the option that selects plugins for them. */
const SELECTED_BY = [
  ["dispatcher", "dispatchers", "dispatchers"],
  ["worker", "alwaysDispatch", "always_dispatch"],
  ["deep-dispatcher", "deepDispatchers", "deep_dispatchers"],
  ["dest-archiver", "destArchivers", "dest_archivers"],
] as const;

/** How much text is kept of a request. */
class TextBudget {
  #leftChars = MAX_CHARS_IN_ALL;

  /** Takes the characters of a text from what is left. @returns `false` when too few are left */
  take({ length }: string): boolean {
    if (length > this.#leftChars) return false;
    this.#leftChars -= length;
    return true;
  }
}

const NO_PHRASES: readonly string[] = [];

/** A bounded list of different phrases. */
class Phrases {
  #phrases = NO_PHRASES;
  #hasMore = false;

  get isEmpty(): boolean {
    return this.#phrases.length === 0 && !this.#hasMore;
  }

  has(phrase: string): boolean {
    return this.#phrases.includes(cut(phrase));
  }

  add(phrase: string, budget: TextBudget): void {
    if (this.has(phrase)) return;
    const kept = cut(phrase);
    if (this.#phrases.length < MAX_PHRASES && budget.take(kept)) this.#phrases = [...this.#phrases, kept];
    else this.#hasMore = true;
  }

  toString(): string {
    return [...this.#phrases, ...this.#hasMore ? ["others"] : []].join(", ");
  }
}

/** What is recorded of one plugin in one role on one payload. */
class Entry {
  /** Phrases that name who asked for it. */
  readonly asked = new Phrases();
  readonly askedAgain = new Phrases();
  /** Workers that it named. */
  readonly named = new Phrases();
  /** Why a worker was called again. */
  readonly calledAgain = new Phrases();
  /** Everything that went wrong. */
  readonly failures = new Phrases();
  /** How often it was called. */
  calls = 0;
  /** Whether a call of it did not reach it: it can't be loaded, or the time was up. */
  isOutOfReach = false;
}

/** What is recorded of one payload. */
class PayloadRecord {
  readonly entries = new Map<Role, Map<string, Entry>>();
  askedLines = 0;
  /** Whether more plugins were asked for than have a line. */
  hasMore = false;
  /** Why no plugin scans the payload. */
  unscanned: string | undefined;
  /** Why workers were left undone. */
  leftOver: string | undefined;
}

/** Records the decisions of one request, and explains them when it has ended. */
export class Explainer {
  readonly #selection: PluginSelection;
  readonly #limits: Limits;
  readonly #records = new Map<PayloadState, PayloadRecord>();
  readonly #textBudget = new TextBudget();

  constructor(selection: PluginSelection, limits: Limits) {
    this.#selection = selection;
    this.#limits = limits;
  }

  /** A worker is asked for. @param reason a phrase such as `dispatcher yara (rule Zip)` */
  asked(payload: PayloadState, worker: string, reason: string): void {
    const entry = this.#entry(payload, "worker", worker);
    if (!entry) return;
    if (!payload.startedWorkers.has(worker)) entry.asked.add(reason, this.#textBudget);
    else if (!entry.asked.has(reason)) entry.askedAgain.add(reason, this.#textBudget);
  }

  /** A dispatcher was asked. */
  dispatched(payload: PayloadState, outcome: CallOutcome): void {
    const { plugin, role, answer } = outcome;
    const entry = this.called(payload, outcome);
    const pass = role === "deep-dispatcher" ? ` in pass ${payload.deepPass + 1}` : "";
    for (const worker of answer.dispatchTo) {
      const rule = ruleOf(answer.meta?.[worker]);
      entry.named.add(worker + rule, this.#textBudget);
      this.asked(payload, worker, `${role.replace("-", " ")} ${plugin}${rule}${pass}`);
    }
  }

  /** A plugin was called, and may have failed. */
  called(payload: PayloadState, { plugin, role, failure }: CallOutcome): Entry {
    const entry = this.#entry(payload, role, plugin) ?? this.#newEntry(payload, role, plugin);
    if (failure) entry.failures.add(failure.message, this.#textBudget);
    if (failure && neverRan(failure)) entry.isOutOfReach = true;
    else entry.calls++;
    return entry;
  }

  /** A worker is called again. @param reason a phrase such as `new password candidates` */
  calledAgain(payload: PayloadState, worker: string, reason: string): void {
    this.#entry(payload, "worker", worker)?.calledAgain.add(reason, this.#textBudget);
  }

  /** A worker ran without something that it requires. */
  ranWithout(payload: PayloadState, worker: string, required: string): void {
    const phrase = `"${required}", which it requires, had failed`;
    this.#entry(payload, "worker", worker)?.failures.add(phrase, this.#textBudget);
  }

  /** A worker can't run on this payload. */
  refused(payload: PayloadState, worker: string, { message }: StoqError): void {
    this.#entry(payload, "worker", worker)?.failures.add(message, this.#textBudget);
  }

  /** A payload is not scanned. */
  leftUnscanned(payload: PayloadState, { message }: StoqError): void {
    this.#record(payload).unscanned = cut(message);
    for (const worker of payload.meta.dispatchTo) {
      this.asked(payload, worker, "dispatch_to of the payload");
    }
  }

  /** Workers of a payload are not called any more. */
  leftOver(payload: PayloadState, workers: readonly string[], isTimeUp: boolean): void {
    const { recursionRounds, requestTimeoutMs } = this.#limits;
    this.#record(payload).leftOver = isTimeUp
      ? "the request's time was up"
      : `the last round (${recursionRounds}) was over`;
    for (const worker of workers) {
      this.refused(
        payload,
        worker,
        isTimeUp ? timedOutBefore(requestTimeoutMs, [worker]) : recursionReached(recursionRounds, [worker]),
      );
    }
  }

  /** All lines of a payload, by role: workers in the order in which they ran, then those that did not. */
  explain(payload: PayloadState, { archivePayloads }: RequestMeta): Explanation[] {
    const known = this.#record(payload);
    const lines = SELECTED_BY.flatMap(([role, list, option]) => {
      const entries = known.entries.get(role) ?? new Map<string, Entry>();
      const ran = role === "worker" ? payload.workersRun : [];
      const names = new Set([...ran, ...entries.keys(), ...this.#selection[list]]);
      return [...names].map((plugin): Explanation => {
        const entry = entries.get(plugin) ?? new Entry();
        const ran = entry.calls > 0;
        const parts = ran
          ? [role === "worker" ? whoAsked(entry) : option, ...this.#course(payload, plugin, role, entry)]
          : [entry.failures.isEmpty ? this.#whyNot(payload, role, archivePayloads) : `${entry.failures}`];
        if (!ran && !entry.asked.isEmpty) parts.push(`asked for: ${entry.asked}`);
        return { plugin, role, ran, reason: parts.join("; ") };
      });
    });
    return [...lines, ...aboutAll(payload, known)];
  }

  /** Returns phrases about a plugin that ran. */
  #course(payload: PayloadState, plugin: string, role: Role, entry: Entry): string[] {
    const parts: string[] = [];
    if (role.endsWith("dispatcher")) {
      parts.push(entry.named.isEmpty ? "named no plugin" : `named ${entry.named}`);
      parts.push(`asked ${entry.calls === 1 ? "once" : `${entry.calls} times`}`);
      if (!entry.isOutOfReach) parts.push(this.#whyNotAgain(payload, plugin, role));
    }
    if (!entry.askedAgain.isEmpty) parts.push(`asked for again, but a worker runs once: ${entry.askedAgain}`);
    if (!entry.calledAgain.isEmpty) parts.push(`called ${entry.calls} times: ${entry.calledAgain}`);
    if (!entry.failures.isEmpty) parts.push(`failed: ${entry.failures}`);
    return parts;
  }

  #whyNotAgain(payload: PayloadState, plugin: string, role: Role): string {
    if (payload.settledDispatchers.has(`${role} ${plugin}`)) return "its answer was final";
    if (role === "deep-dispatcher") {
      const { leftOver } = this.#record(payload);
      if (leftOver !== undefined) return `not again, since ${leftOver} with workers left to run`;
      const { dispatchPasses } = this.#limits;
      if (payload.deepPass >= dispatchPasses) return `max_dispatch_passes is ${dispatchPasses}`;
    }
    return "not again, since results did not change";
  }

  #whyNot(payload: PayloadState, role: Role, archivePayloads: boolean): string {
    const known = this.#record(payload);
    if (role === "dest-archiver") {
      if (!archivePayloads) return "archive_payloads of the request is false";
      return payload.isRead ? "should_archive is false" : known.unscanned ?? "the payload was not read";
    }
    if (known.unscanned !== undefined) return known.unscanned;
    if (!payload.meta.shouldScan) return "should_scan is false";
    return `${known.leftOver ?? "the scan was over"} before its turn came`;
  }

  #record(payload: PayloadState): PayloadRecord {
    let known = this.#records.get(payload);
    if (!known) this.#records.set(payload, known = new PayloadRecord());
    return known;
  }

  /** The entry to write to; `undefined` when there are too many. */
  #entry(payload: PayloadState, role: Role, plugin: string): Entry | undefined {
    const known = this.#record(payload);
    const entry = known.entries.get(role)?.get(plugin);
    if (entry) return entry;
    if (role === "worker" && !this.#selection.alwaysDispatch.includes(plugin)) {
      if (known.askedLines >= MAX_ASKED_LINES || !this.#textBudget.take(plugin)) {
        known.hasMore = true;
        return undefined;
      }
      known.askedLines++;
    }
    return this.#newEntry(payload, role, plugin);
  }

  #newEntry(payload: PayloadState, role: Role, plugin: string): Entry {
    const { entries } = this.#record(payload);
    const entry = new Entry();
    const others = entries.get(role);
    if (others) others.set(plugin, entry);
    else entries.set(role, new Map([[plugin, entry]]));
    return entry;
  }
}

function whoAsked({ asked }: Entry): string {
  return asked.isEmpty ? "asked for; the record of who asked was dropped" : `${asked}`;
}

function aboutAll(payload: PayloadState, { hasMore }: PayloadRecord): Explanation[] {
  const again = payload.timesMetAgain;
  const about = (reason: string): Explanation => ({ plugin: "*", role: null, ran: false, reason });
  return [
    ...again > 0
      ? [about(`met again with the same bytes (${again === 1 ? "once" : `${again} times`}): scanned once`)]
      : [],
    ...hasMore ? [about("more plugins were asked for than are listed here, see errors")] : [],
  ];
}

function cut(phrase: string): string {
  return phrase.length <= MAX_PHRASE_CHARS ? phrase : `${phrase.slice(0, MAX_PHRASE_CHARS).toWellFormed()}…`;
}

/** The rule that a dispatcher's metadata names, as yara's does, in brackets. */
function ruleOf(meta: Plain | undefined): string {
  if (typeof meta !== "object" || meta === null || !("rule" in meta)) return "";
  return typeof meta.rule === "string" && meta.rule !== "" ? ` (rule ${cut(meta.rule)})` : "";
}
