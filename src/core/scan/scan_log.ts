/**
 * Logs one scan: its start, its end, and each error of its response.
 *
 * @module
 */

import type { ErrorRecord, Role, StoqResponse } from "../contract/contract.ts";
import type { ScanEnvironment } from "./environment.ts";
import type { LogFacts, LogLevel } from "../ports/log.ts";

/** Errors of one scan that are logged each: a file that breaks plugins ten thousand times is not to push all else out of the log. */
export const MAX_LOGGED_ERRORS = 100;

/** Roles whose failure loses data that is in no response. */
const LOSING_ROLES: readonly (Role | null)[] = ["provider", "source-archiver", "dest-archiver", "connector"];

/** The log of one scan. */
export class ScanLog {
  readonly #environment: ScanEnvironment;
  readonly #startMs: number;
  #scanId: string | undefined;
  #errors = 0;

  /** The scan begins now. */
  constructor(environment: ScanEnvironment) {
    this.#environment = environment;
    this.#startMs = environment.clock.now();
  }

  /** UUID, made when it is first asked for. */
  get scanId(): string {
    return this.#scanId ??= this.#environment.newId();
  }

  /** Tells of a scan whose first payloads are known. */
  begin(payloads: number, source: string | null): void {
    const facts = { scan_id: this.scanId, payloads, ...(source !== null && { source }) };
    this.#environment.log("debug", "Scan begins", facts);
  }

  /** Tells of an error, unless there were very many before it. */
  addError(error: ErrorRecord): void {
    if (++this.#errors <= MAX_LOGGED_ERRORS) logError(this.#environment, error, { scan_id: this.scanId });
  }

  /** Tells how the scan went. */
  end({ results, errors }: StoqResponse): void {
    const { log, clock } = this.#environment;
    const { scanId } = this;
    const unlogged = this.#errors - MAX_LOGGED_ERRORS;
    if (unlogged > 0) log("warning", `${unlogged} more errors are in the response`, { scan_id: scanId });
    const durationMs = Math.round(clock.now() - this.#startMs);
    const facts = { payloads: results.length, errors: errors.length, duration_ms: durationMs };
    log("debug", "Scan is done", { scan_id: scanId, ...facts });
  }
}

/** Logs an error record of a response: at `error` where payloads or results were lost, else at `warning`. */
export function logError(
  { log }: Pick<ScanEnvironment, "log">,
  error: ErrorRecord,
  facts: LogFacts = {},
  level: LogLevel = LOSING_ROLES.includes(error.role) ? "error" : "warning",
): void {
  const { code, pluginName, payloadId } = error;
  log(level, error.error, {
    code,
    ...(pluginName !== null && { plugin: pluginName }),
    ...(payloadId !== null && { payload_id: payloadId }),
    ...facts,
  });
}
