import assert from "node:assert/strict";
import { scanRequest } from "./scan.ts";
import { fakeEnvironment, FakeHost, type FakePlugin } from "../testing/fake_environment.ts";

const SETUP = { alwaysDispatch: ["worker"] };
const worker: FakePlugin = { scan: () => ({ results: 1 }) };

Deno.test("a scan that is given up while its payloads are digested calls no worker", async () => {
  const controller = new AbortController();
  const host = new FakeHost({ worker });
  const sha256 = () => {
    controller.abort(new Error("given up"));
    return Promise.resolve("digest");
  };
  const environment = { ...fakeEnvironment(host, SETUP), sha256 };
  await assert.rejects(
    scanRequest(environment, { payloads: [{ content: "x" }] }, { signal: controller.signal }),
    { message: "given up" },
  );
  assert.deepEqual(host.calls, []);
});

Deno.test("scans leave no listener on a signal that outlives them", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...parameters: Parameters<typeof add>) => {
    listeners++;
    add(...parameters);
  };
  signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
    listeners--;
    remove(...parameters);
  };
  const environment = fakeEnvironment(new FakeHost({ worker }), SETUP);
  for (let scan = 0; scan < 3; scan++) {
    const { errors } = await scanRequest(environment, { payloads: [{ content: "x" }] }, { signal });
    assert.deepEqual(errors, []);
  }
  assert.equal(listeners, 0);
});
