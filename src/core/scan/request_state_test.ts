import assert from "node:assert/strict";
import { DEFAULT_LIMITS } from "../contract/limits.ts";
import { RequestState } from "./request_state.ts";

Deno.test("a copy of a plugin's view of the request has all that the view has", () => {
  const state = new RequestState({ source: "here" }, DEFAULT_LIMITS);
  const view = state.view();
  assert.deepEqual(Object.keys(view).sort(), ["budget", "errors", "passwords", "requestMeta", "results"]);
  const copy = { ...view };
  assert.deepEqual([copy.requestMeta.source, copy.errors, copy.results], ["here", [], []]);
});
