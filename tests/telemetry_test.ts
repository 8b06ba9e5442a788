import assert from "node:assert/strict";
import { runStoq, TempFolder } from "./run_stoq.ts";

type Value = string | number | boolean;

interface Span {
  readonly name: string;
  /** The span that it is within; `undefined` where none was sent. */
  readonly parent: Span | undefined;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly status: { readonly code: number; readonly message: string };
}

interface Point {
  readonly metric: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, Value>>;
  /** Of a counter its sum, of a histogram how often something was recorded. */
  readonly count: number;
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, Value>>;
}

/** An OTLP collector on this machine, which keeps what stoQ sends. */
class Collector implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  // deno-lint-ignore no-explicit-any -- OTLP's JSON, of which the readers below take what they know
  readonly #bodies: any[] = [];

  constructor() {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
      this.#bodies.push(await request.json());
      return Response.json({});
    });
  }

  /** Environment of a program that sends here. */
  get env(): Record<string, string> {
    return {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.#server.addr.port}`,
    };
  }

  /** Spans in the order of their ends. */
  spans(): readonly Span[] {
    const sent = this.#bodies.flatMap(({ resourceSpans = [] }) => resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans);
    const byId = new Map<string, { -readonly [K in keyof Span]: Span[K] }>();
    for (const { spanId, name, attributes, status } of sent) {
      byId.set(spanId, { name, parent: undefined, attributes: recordOf(attributes), status });
    }
    for (const { spanId, parentSpanId } of sent) byId.get(spanId)!.parent = byId.get(parentSpanId);
    return [...byId.values()];
  }

  /** Points of stoQ's own metrics. */
  points(): readonly Point[] {
    return this.#bodies.flatMap(({ resourceMetrics = [] }) => resourceMetrics)
      .flatMap(({ scopeMetrics }) => scopeMetrics).filter(({ scope }) => scope.name === "stoq")
      .flatMap(({ metrics }) => metrics).flatMap(({ name: metric, unit, sum, histogram }) =>
        (sum ?? histogram).dataPoints.map((
          point: { attributes: readonly KeyValue[]; count?: string; asDouble?: number; asInt?: string },
        ): Point => ({
          metric,
          unit,
          attributes: recordOf(point.attributes),
          count: Number(point.count ?? point.asDouble ?? point.asInt),
        }))
      );
  }

  /** The count of the only point of a metric that has these attributes and no others. */
  count(metric: string, attributes: Readonly<Record<string, Value>> = {}): number | undefined {
    const sorted = (record: object) => JSON.stringify(Object.entries(record).sort());
    return this.points().find((point) =>
      point.metric === metric && sorted(point.attributes) === sorted(attributes)
    )?.count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

function recordOf(attributes: readonly KeyValue[]): Record<string, Value> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]!]));
}

/** A span's name with its plugin or number, and those that it is within. */
function pathOf({ name, attributes, parent }: Span): string {
  const detail = attributes["stoq.plugin.name"] ?? attributes["stoq.round.number"];
  const own = `${name.replace("stoq.", "")}${detail === undefined ? "" : ` ${detail}`}`;
  return parent ? `${pathOf(parent)} > ${own}` : own;
}

const manifest = (name: string, roles: readonly string[]) =>
  JSON.stringify({ name, version: "1.0.0", description: "For a test", roles, api: 1 });

/** As a payload may make one up. */
const NO_PLUGIN = "made-up-name-7f3a";

/** What the scan below is counted as. */
function assertCountsOfScan(collector: Collector): void {
  const broken = { "stoq.plugin.name": "broken", "stoq.role": "worker", "error.type": "bad-luck" };
  const unsaved = { "stoq.plugin.name": "broken", "stoq.role": "connector", "error.type": "plugin-failed" };
  assert.equal(collector.count("stoq.request.duration"), 1);
  assert.equal(collector.count("stoq.payloads", { "stoq.payload.origin": "initial" }), 1);
  assert.equal(collector.count("stoq.payloads", { "stoq.payload.origin": "extracted" }), 1);
  assert.equal(collector.count("stoq.payload.size", { "stoq.payload.origin": "initial" }), 5);
  assert.equal(collector.count("stoq.payload.size", { "stoq.payload.origin": "extracted" }), 6);
  assert.equal(
    collector.count("stoq.plugin.duration", { "stoq.plugin.name": "hash", "stoq.role": "worker" }),
    2,
  );
  assert.equal(collector.count("stoq.plugin.duration", broken), 2);
  assert.equal(collector.count("stoq.plugin.duration", unsaved), 1);
  assert.equal(collector.count("stoq.errors", broken), 2);
  assert.equal(collector.count("stoq.errors", unsaved), 1);
  // No plugin has the name that a payload asked for, and it makes no series of its own.
  assert.equal(
    collector.count("stoq.errors", { "error.type": "plugin-not-found", "stoq.role": "worker" }),
    1,
  );
}

Deno.test("a scan sends a span for the request, each round and each call, and counts what it did", async () => {
  await using collector = new Collector();
  using folder = new TempFolder({
    "sample.txt": "hello",
    "plugins/box/manifest.json": manifest("box", ["worker"]),
    "plugins/box/mod.ts": `export default () => ({ scan: ({ extractedFrom }) =>
      extractedFrom.length === 0 ? { extracted: [{ content: "inside" }], dispatchTo: ["${NO_PLUGIN}"] } : {} });`,
    "plugins/broken/manifest.json": manifest("broken", ["worker", "connector"]),
    "plugins/broken/mod.ts": `export default () => ({
      scan() { throw Object.assign(new Error("the file says: secret"), { code: "bad-luck" }); },
      save() { throw new Error("full"); },
    });`,
  });
  const words = [
    "scan",
    "-a",
    "hash",
    "box",
    "broken",
    "-C",
    "broken",
    "--isolation",
    "none",
  ];
  const { code, stdout, stderr } = await runStoq(
    [...words, "--plugin-dir", folder.at("plugins"), "--format", "json", folder.at("sample.txt")],
    { env: collector.env },
  );
  assert.equal(code, 1, stderr);
  const response = JSON.parse(stdout);

  const spans = collector.spans().filter(({ name }) => name.startsWith("stoq."));
  assert.deepEqual(spans.map(pathOf).sort(), [
    "request",
    "request > plugin broken",
    "request > round 1",
    "request > round 1 > plugin box",
    "request > round 1 > plugin broken",
    "request > round 1 > plugin hash",
    "request > round 2",
    "request > round 2 > plugin box",
    "request > round 2 > plugin broken",
    "request > round 2 > plugin hash",
  ]);
  const request = spans.find(({ name }) => name === "stoq.request")!;
  assert.deepEqual(request.attributes, {
    "stoq.scan.id": response.scan_id,
    "stoq.payload.count": 2,
    "stoq.error.count": 4,
  });
  assert.equal(request.status.code, 0);
  const { "stoq.plugin.duration": seconds, ...hash } =
    spans.find((span) => pathOf(span) === "request > round 2 > plugin hash")!.attributes;
  assert.equal(typeof seconds, "number");
  assert.deepEqual(hash, {
    "stoq.plugin.name": "hash",
    "stoq.role": "worker",
    "stoq.payload.id": response.results[1].payload_id,
    "stoq.payload.sha256": response.results[1].sha256,
    "stoq.payload.size": 6,
  });
  const failed = spans.filter(({ status }) => status.code === 2);
  assert.deepEqual(
    failed.map(({ status, attributes }) => [status.message, attributes["error.type"]]).sort(),
    [
      ["bad-luck", "bad-luck"],
      ["bad-luck", "bad-luck"],
      ["plugin-failed", "plugin-failed"],
    ],
  );

  assertCountsOfScan(collector);
  const sent = JSON.stringify([spans.map(pathOf), spans, collector.points()]);
  assert.ok(!sent.includes("secret") && !sent.includes(NO_PLUGIN));
});

/** A program with a span of its own. */
const program = (library: string, opentelemetry: string) => `
import { Stoq } from "${library}";
import { trace } from "${opentelemetry}";
const pluginDirList = [new URL("plugins", import.meta.url).pathname];
const stoqHome = new URL("home", import.meta.url).pathname;
await trace.getTracer("program").startActiveSpan("program", async (span) => {
  await using stoq = new Stoq({ stoqHome, pluginDirList, alwaysDispatch: ["quiet", "unpack"], isolation: "none" });
  const { errors } = await stoq.scan("root");
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  await using runner = new Stoq({
    stoqHome,
    pluginDirList,
    alwaysDispatch: ["hash"],
    providers: ["feeder"],
    sourceArchivers: ["feeder"],
  });
  await runner.run();
  await stoq.scan("root", { signal: AbortSignal.abort() }).catch(() => {});
  span.end();
});
`;

Deno.test("spans are within those of the program, also of what a run fetches", async () => {
  await using collector = new Collector();
  using folder = new TempFolder({
    "program.ts": program(
      new URL("../mod.ts", import.meta.url).href,
      new URL("../src/deps/opentelemetry.ts", import.meta.url).href,
    ),
    "plugins/quiet/manifest.json": manifest("quiet", ["worker"]),
    "plugins/quiet/mod.ts": `export default () => ({ scan: () => ({}) });`,
    "plugins/unpack/manifest.json": manifest("unpack", ["worker"]),
    "plugins/unpack/mod.ts": `export default () => ({ scan: ({ extractedFrom }) =>
      extractedFrom.length === 0 ? { extracted: [{ content: "child" }] } : {} });`,
    "plugins/feeder/manifest.json": manifest("feeder", ["provider", "source-archiver"]),
    "plugins/feeder/mod.ts": `export default () => ({
      async *ingest() {
        yield { item: { kind: "payload", payload: { content: "one" } }, settle() {} };
        for (const id of ["two", "none"]) {
          yield { item: { kind: "task", task: { feeder: { id } } }, settle() {} };
        }
      },
      get: ({ id }) => id === "none" ? undefined : { content: id },
    });`,
  });
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", folder.at("program.ts")],
    env: collector.env,
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));

  const spans = collector.spans();
  const paths = Map.groupBy(spans.map(pathOf), (path) => path);
  const requests = spans.filter((span) => pathOf(span) === "program > request");
  assert.equal(requests.length, 4);
  assert.deepEqual(requests.map(({ status }) => status.message).sort(), ["", "", "", "AbortError"]);
  assert.equal(paths.get("program > request > round 1 > plugin hash")?.length, 2);
  assert.equal(paths.get("program > request > round 2 > plugin unpack")?.length, 1);
  assert.equal(paths.get("program > plugin feeder")?.length, 2);
  for (const span of spans) assert.ok(pathOf(span).startsWith("program"), pathOf(span));

  const worker = (name: string) => ({ "stoq.plugin.name": name, "stoq.role": "worker" });
  const feeder = (role: string) => ({ "stoq.plugin.name": "feeder", "stoq.role": role });
  assert.equal(collector.count("stoq.plugin.duration", worker("quiet")), 2);
  assert.equal(collector.count("stoq.plugin.duration", worker("unpack")), 2);
  assert.equal(collector.count("stoq.plugin.duration", feeder("source-archiver")), 2);
  assert.equal(collector.count("stoq.deliveries", feeder("provider")), 3);
  assert.equal(collector.count("stoq.deliveries.settled", { "stoq.delivery.status": "unkept" }), 2);
  assert.equal(collector.count("stoq.deliveries.settled", { "stoq.delivery.status": "failed" }), 1);
  const notFound = { ...feeder("source-archiver"), "error.type": "payload-not-found" };
  assert.equal(collector.count("stoq.errors", notFound), 1);
  assert.equal(collector.count("stoq.request.duration", { "error.type": "AbortError" }), 1);
});
