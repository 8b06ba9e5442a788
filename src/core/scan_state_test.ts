import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "./limits.ts";
import { RequestState } from "./scan_state.ts";

Deno.test("a copy of a plugin's view of the request has all that the view has, and looking is told", () => {
  let looks = 0;
  const state = new RequestState({ source: "here" }, DEFAULT_LIMITS);
  const view = state.view(undefined, () => looks++);
  assert.deepEqual(Object.keys(view).sort(), ["budget", "errors", "requestMeta", "results"]);
  assert.equal(looks, 0);
  const copy = { ...view };
  assert.equal(looks, 2);
  assert.deepEqual([copy.requestMeta.source, copy.errors, copy.results], ["here", [], []]);
});
