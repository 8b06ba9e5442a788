import assert from "node:assert/strict";
import { MAX_CONCURRENT_CALLS } from "./map_concurrently.ts";
import type { RequestView } from "../contract/contract.ts";
import { type FakePlugin, fakeScan } from "../testing/fake_environment.ts";

/** More than are called together, so that answers of the first are taken in before the last are called. */
const CONTENTS = Array.from({ length: MAX_CONCURRENT_CALLS + 10 }, (_, index) => `root ${index}`);

/** What there is to see of a request. */
const sight = ({ errors, results }: RequestView) => ({
  errors: errors.length,
  payloads: results.length,
  workersRun: results.reduce((sum, { pluginsRun }) => sum + pluginsRun.workers.length, 0),
});

Deno.test("all workers of a round see the request as the round found it, whoever was called before them", async () => {
  const looker: FakePlugin = {
    scan: ({ sha256 }, request) => ({
      results: sight(request),
      errors: ["a remark"],
      extracted: sha256.includes("root") ? [{ content: `child of ${sha256.replace("root", "")}` }] : [],
    }),
  };
  const { response } = await fakeScan({ looker }, { alwaysDispatch: ["looker"] }, CONTENTS);
  const count = CONTENTS.length;
  assert.equal(response.results.length, 2 * count);
  for (const [index, { workers }] of response.results.entries()) {
    assert.deepEqual(
      workers.looker,
      index < count
        ? { errors: 0, payloads: count, workersRun: 0 }
        : { errors: count, payloads: 2 * count, workersRun: count },
    );
  }
});

Deno.test("who looks for the first time in a later batch sees the request as the round found it", async () => {
  const looker: FakePlugin = {
    scan: ({ sha256 }, request) => ({
      results: sha256 === `digest of ${CONTENTS.at(-1)}` ? sight(request) : {},
      errors: ["a remark"],
    }),
  };
  const { response } = await fakeScan({ looker }, { alwaysDispatch: ["looker"] }, CONTENTS);
  assert.deepEqual(response.results.at(-1)?.workers.looker, {
    errors: 0,
    payloads: CONTENTS.length,
    workersRun: 0,
  });
});

Deno.test("deep dispatchers and archivers see what was found before them", async () => {
  const seen: unknown[] = [];
  const look = (_: unknown, request: RequestView) => {
    seen.push(sight(request));
    return undefined;
  };
  const plugins: Record<string, FakePlugin> = {
    quiet: { scan: () => ({ errors: ["a remark"] }) },
    router: { getDispatches: look },
    deep: { getDeepDispatches: look },
    keeper: { archive: look },
  };
  await fakeScan(plugins, {
    alwaysDispatch: ["quiet"],
    dispatchers: ["router"],
    deepDispatchers: ["deep"],
    destArchivers: ["keeper"],
  });
  const before = { errors: 0, payloads: 1, workersRun: 0 };
  const after = { errors: 1, payloads: 1, workersRun: 1 };
  assert.deepEqual(seen, [before, after, after, after]);
});
