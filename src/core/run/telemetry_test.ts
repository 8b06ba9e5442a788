import assert from "node:assert/strict";
import type { StoqResponse } from "../contract/contract.ts";
import { scanRequest } from "../scan/scan.ts";
import type { ScanEnvironment } from "../scan/environment.ts";
import { fakeEnvironment, FakeHost, type FakePlugin, type FakeSetup } from "../testing/fake_environment.ts";
import type { PluginCall, PluginHost } from "../ports/plugin_host.ts";
import { runProviders } from "./run.ts";
import type { CountedCall, Telemetry } from "../ports/telemetry.ts";

/** Remembers what it is told, in its order; for one request at a time. */
class RecordingTelemetry implements Telemetry {
  /** `where > plugin:role`, in the order in which things began. */
  readonly spans: string[] = [];
  readonly counted: string[] = [];
  readonly events: string[] = [];
  readonly host: PluginHost;
  #where = "nowhere";

  constructor(host: FakeHost) {
    this.host = {
      find: (name) => host.find(name),
      nearest: () => undefined,
      ingest: (name, signal) => host.ingest(name, signal),
      call: (name, call, signal) => {
        const round = "round" in call ? ` in round ${call.round}` : "";
        this.spans.push(`${this.#where} > ${name}:${call.role}${round}`);
        return host.call(name, call as PluginCall, signal);
      },
    };
  }

  async request(scan: () => Promise<StoqResponse>): Promise<StoqResponse> {
    this.#where = "request";
    this.spans.push("request");
    try {
      return await scan();
    } finally {
      this.#where = "nowhere";
      this.spans.push("request ended");
    }
  }

  countCall({ plugin, role, failure }: CountedCall): void {
    this.counted.push(`${plugin}:${role}${failure ? ` ${failure.code}` : ""}`);
  }

  countEvent(event: Parameters<Telemetry["countEvent"]>[0]): void {
    switch (event.kind) {
      case "delivered":
        this.events.push(`delivered by ${event.provider}`);
        break;
      case "settled":
        this.events.push(`settled as ${event.outcome.status}`);
        break;
      case "error":
        this.events.push(`${event.error.code} of ${event.error.pluginName}`);
    }
  }
}

function observed(
  plugins: Readonly<Record<string, FakePlugin>>,
  setup: FakeSetup,
): { environment: ScanEnvironment; telemetry: RecordingTelemetry; calls: readonly string[] } {
  const host = new FakeHost(plugins);
  const telemetry = new RecordingTelemetry(host);
  return {
    environment: { ...fakeEnvironment(telemetry.host, setup), telemetry },
    telemetry,
    calls: host.calls,
  };
}

const isRoot = (payload: { readonly extractedFrom: readonly string[] }) => payload.extractedFrom.length === 0;
const unpack: FakePlugin = {
  scan: (payload) => isRoot(payload) ? { extracted: [{ content: "child" }] } : undefined,
};

Deno.test("a request is told with its calls, and each of them with its round", async () => {
  const plugins: Record<string, FakePlugin> = {
    unpack,
    router: { getDispatches: () => ({ pluginNames: ["unpack"] }) },
    deep: { getDeepDispatches: () => ({}) },
    keeper: { archive: () => ({}) },
    painter: { decorate: () => ({}) },
    saver: { save: () => {} },
  };
  const { environment, telemetry } = observed(plugins, {
    dispatchers: ["router"],
    deepDispatchers: ["deep"],
    destArchivers: ["keeper"],
    decorators: ["painter"],
    connectors: ["saver"],
  });
  await scanRequest(environment, { payloads: [{ content: "root" }] });
  assert.deepEqual(telemetry.spans, [
    "request",
    "request > router:dispatcher in round 1",
    "request > unpack:worker in round 1",
    "request > router:dispatcher in round 2",
    "request > router:dispatcher in round 2",
    "request > deep:deep-dispatcher in round 2",
    "request > unpack:worker in round 2",
    "request > router:dispatcher in round 3",
    "request > deep:deep-dispatcher in round 3",
    "request > keeper:dest-archiver",
    "request > keeper:dest-archiver",
    "request > painter:decorator",
    "request > saver:connector",
    "request ended",
  ]);
  const called = telemetry.spans.flatMap((span) => /\S+:\S+/.exec(span) ?? []);
  assert.deepEqual(telemetry.counted.toSorted(), called.toSorted());
});

Deno.test("a call that fails counts with its code, and a worker that can't run does not count", async () => {
  const plugins: Record<string, FakePlugin> = {
    broken: {
      scan: () => {
        throw new Error("no");
      },
    },
  };
  const { environment, telemetry } = observed(plugins, { alwaysDispatch: ["broken", "missing"] });
  const { errors } = await scanRequest(environment, { payloads: [{ content: "root" }] });
  assert.deepEqual(errors.map(({ code }) => code).sort(), ["plugin-failed", "plugin-not-found"]);
  assert.deepEqual(telemetry.counted, ["broken:worker plugin-failed"]);
});

Deno.test("a request that is given up ends for its telemetry too", async () => {
  const { environment, telemetry } = observed({}, {});
  const signal = AbortSignal.abort(new Error("given up"));
  await assert.rejects(scanRequest(environment, { payloads: [] }, { signal }), /given up/);
  assert.deepEqual(telemetry.spans, ["request", "request ended"]);
});

Deno.test("a run tells of its deliveries, of what archivers fetch and of errors that no response has", async () => {
  const provider: FakePlugin = {
    async *ingest() {
      yield { item: { kind: "payload", payload: { content: "root" } }, settle: () => {} };
      yield { item: { kind: "task", task: { vault: { id: "here" } } }, settle: () => {} };
      yield { item: { kind: "task", task: { vault: { id: "gone" } } }, settle: () => {} };
    },
  };
  const vault: FakePlugin = { get: ({ id }) => id === "here" ? { content: "kept" } : undefined };
  const { environment, telemetry } = observed({ provider, vault }, {});
  await runProviders(environment, {
    providers: ["provider"],
    sourceArchivers: ["vault"],
    maxQueue: 5,
    maxDeliveries: 1,
    consumers: 1,
  });
  assert.deepEqual(telemetry.spans.filter((span) => span.endsWith("source-archiver")), [
    "nowhere > vault:source-archiver",
    "nowhere > vault:source-archiver",
  ]);
  assert.deepEqual(telemetry.counted, ["vault:source-archiver", "vault:source-archiver"]);
  assert.equal(telemetry.spans.filter((span) => span === "request").length, 2);
  assert.deepEqual(telemetry.events.toSorted(), [
    "delivered by provider",
    "delivered by provider",
    "delivered by provider",
    "payload-not-found of vault",
    "settled as failed",
    "settled as unkept",
    "settled as unkept",
  ]);
});
