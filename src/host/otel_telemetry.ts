/**
 * Traces and metrics through OpenTelemetry. Their names and attributes are in `docs/telemetry.md`.
 *
 * @module
 */

import type { Delivery, ErrorRecord, Role, StoqResponse } from "../core/contract/contract.ts";
import { StoqError, toFailure } from "../core/contract/errors.ts";
import { MAX_NAME_CHARS } from "../core/scan/value_reader.ts";
import type { AnyCall, PluginAnswer, PluginFacts, PluginHost } from "../core/ports/plugin_host.ts";
import type { RunEvent } from "../core/ports/run_event.ts";
import type { CountedCall, Telemetry } from "../core/ports/telemetry.ts";
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  metrics,
  type Span,
  SpanStatusCode,
  trace,
  type Tracer,
} from "../deps/opentelemetry.ts";

/** Bounds of the buckets in seconds: from a digest of a small payload to the deadline of a request. */
const BOUNDS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600];

/** Key of the rounds of the request that a call belongs to. */
const ROUNDS = createContextKey("stoq.rounds");

/** Reports to the telemetry that the process has registered. */
export class OtelTelemetry implements Telemetry {
  readonly host: PluginHost;
  readonly #tracer: Tracer;
  readonly #instruments: ReturnType<typeof makeInstruments>;

  /** @param host its calls get spans */
  constructor(host: PluginHost, stoqVersion: string) {
    this.#tracer = trace.getTracer("stoq", stoqVersion);
    this.#instruments = makeInstruments(stoqVersion);
    this.host = new TracedHost(host, this.#tracer);
  }

  async request(scan: () => Promise<StoqResponse>): Promise<StoqResponse> {
    const start = performance.now();
    const span = this.#tracer.startSpan("stoq.request");
    const within = trace.setSpan(context.active(), span);
    const rounds = new RoundSpans(this.#tracer, within);
    const attributes: Attributes = {};
    try {
      const response = await context.with(within.setValue(ROUNDS, rounds), scan);
      span.setAttributes({
        "stoq.scan.id": response.scanId,
        "stoq.payload.count": response.results.length,
        "stoq.error.count": response.errors.length,
      });
      this.#countResponse(response);
      return response;
    } catch (reason) {
      Object.assign(attributes, markFailed(span, nameOfReason(reason)));
      throw reason;
    } finally {
      rounds.end();
      span.end();
      this.#instruments.requestDuration.record((performance.now() - start) / 1000, attributes);
    }
  }

  countCall({ plugin, role, durationMs, failure }: CountedCall): void {
    this.#instruments.pluginDuration.record(durationMs / 1000, {
      ...this.#placeOf(plugin, role),
      ...(failure && { "error.type": failure.code }),
    });
  }

  countEvent(event: RunEvent): void {
    if (event.kind === "delivered") {
      this.#instruments.deliveries.add(1, this.#placeOf(event.provider, "provider"));
    } else if (event.kind === "settled") {
      this.#instruments.settled.add(1, { "stoq.delivery.status": event.outcome.status });
    } else if (event.kind === "error") this.#countError(event.error);
  }

  #countResponse({ results, errors }: StoqResponse): void {
    for (const origin of ["initial", "extracted"]) {
      const these = results.filter(({ extractedFrom }) =>
        (extractedFrom.length > 0) === (origin === "extracted")
      );
      if (these.length === 0) continue;
      const attributes = { "stoq.payload.origin": origin };
      this.#instruments.payloads.add(these.length, attributes);
      // A payload that was too large to be read was not scanned.
      const bytes = these.reduce((sum, { sizeBytes, sha256 }) => sum + (sha256 === null ? 0 : sizeBytes), 0);
      this.#instruments.bytes.add(bytes, attributes);
    }
    for (const error of errors) this.#countError(error);
  }

  #countError({ code, pluginName, role }: ErrorRecord): void {
    this.#instruments.errors.add(1, { "error.type": code, ...this.#placeOf(pluginName, role) });
  }

  /** A payload may name plugins that do not exist: their names would create an unlimited number of series. */
  #placeOf(plugin: string | null, role: Role | null): Attributes {
    return {
      ...(plugin !== null && this.host.find(plugin) && { "stoq.plugin.name": plugin }),
      ...(role !== null && { "stoq.role": role }),
    };
  }
}

function makeInstruments(stoqVersion: string) {
  const meter = metrics.getMeter("stoq", stoqVersion);
  const counter = (name: string, unit: string, description: string) =>
    meter.createCounter(name, { unit, description });
  const histogram = (name: string, description: string) =>
    meter.createHistogram(name, { unit: "s", description, advice: { explicitBucketBoundaries: BOUNDS } });
  return {
    requestDuration: histogram("stoq.request.duration", "Time that requests took"),
    pluginDuration: histogram("stoq.plugin.duration", "Time that plugins took for calls that count"),
    payloads: counter("stoq.payloads", "{payload}", "Payloads of responses"),
    bytes: counter("stoq.payload.size", "By", "Bytes of the payloads of responses that were read"),
    errors: counter("stoq.errors", "{error}", "Errors of responses, and of runs outside of them"),
    deliveries: counter("stoq.deliveries", "{delivery}", "Deliveries of providers"),
    settled: counter("stoq.deliveries.settled", "{delivery}", "Deliveries that were settled"),
  };
}

/** The rounds of one request, derived from its calls: a round ends when another round, or a call outside of rounds, begins. */
class RoundSpans {
  readonly #tracer: Tracer;
  readonly #request: Context;
  #round: { readonly number: number; readonly span: Span; readonly within: Context } | undefined;

  constructor(tracer: Tracer, request: Context) {
    this.#tracer = tracer;
    this.#request = request;
  }

  /** The context of a call. */
  contextOf(call: AnyCall): Context {
    const number = "round" in call ? call.round : undefined;
    if (number !== this.#round?.number) this.end();
    if (number === undefined) return this.#request;
    this.#round ??= this.#open(number);
    return this.#round.within;
  }

  end(): void {
    this.#round?.span.end();
    this.#round = undefined;
  }

  #open(number: number) {
    const attributes = { "stoq.round.number": number };
    const span = this.#tracer.startSpan("stoq.round", { attributes }, this.#request);
    return { number, span, within: trace.setSpan(this.#request, span) };
  }
}

/** A plugin host with a span around each call. */
class TracedHost implements PluginHost {
  readonly #host: PluginHost;
  readonly #tracer: Tracer;

  constructor(host: PluginHost, tracer: Tracer) {
    this.#host = host;
    this.#tracer = tracer;
  }

  find(name: string): PluginFacts | undefined {
    return this.#host.find(name);
  }

  nearest(name: string): string | undefined {
    return this.#host.nearest(name);
  }

  ingest(name: string, signal: AbortSignal): AsyncIterable<Delivery> {
    return this.#host.ingest(name, signal);
  }

  async call(name: string, call: AnyCall, signal: AbortSignal): Promise<PluginAnswer> {
    const active = context.active();
    const rounds = active.getValue(ROUNDS) as RoundSpans | undefined;
    const outer = rounds?.contextOf(call) ?? active;
    const span = this.#tracer.startSpan("stoq.plugin", { attributes: attributesOf(name, call) }, outer);
    // Spans that the plugin itself creates, such as those of its requests, become children of the call.
    const answer = await context.with(
      trace.setSpan(outer, span),
      () => this.#host.call(name, call, signal),
    );
    span.setAttribute("stoq.plugin.duration", answer.durationMs / 1000);
    if (answer.thrown) markFailed(span, toFailure(call.role, answer.thrown.reason).code);
    span.end();
    return answer;
  }
}

function attributesOf(name: string, call: AnyCall): Attributes {
  const attributes: Attributes = { "stoq.plugin.name": name, "stoq.role": call.role };
  if ("payload" in call) {
    attributes["stoq.payload.id"] = call.payload.payloadId;
    attributes["stoq.payload.sha256"] = call.payload.sha256;
    attributes["stoq.payload.size"] = call.payload.content.length;
  }
  if ("response" in call) attributes["stoq.scan.id"] = call.response.scanId;
  return attributes;
}

/** Marks a span as failed. Messages are not exported, because they may quote files. */
function markFailed(span: Span, code: string): Attributes {
  const attributes = { "error.type": code };
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  span.setAttributes(attributes);
  return attributes;
}

/** Name of the error that ended a request without response. The reason of a signal can be any value. */
function nameOfReason(reason: unknown): string {
  if (reason instanceof StoqError) return reason.code;
  if (!(reason instanceof Error)) return "_OTHER";
  return String(reason.name).slice(0, MAX_NAME_CHARS).toWellFormed();
}
