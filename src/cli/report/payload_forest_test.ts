import { deepEqual, equal } from "node:assert/strict";
import type { PayloadResults } from "../../core/contract/contract.ts";
import { buildForest, type TreeNode } from "./payload_forest.ts";
import { samplePayload } from "./testing/sample_response.ts";

const payload = (id: string, ...from: string[]) => samplePayload(id, { from });
const id = (node: TreeNode) => node.payload.payloadId;
const outline = (results: readonly PayloadResults[]) =>
  buildForest(results).map((node) => `${" ".repeat(node.depth)}${id(node)}`);

Deno.test("payloads stand below the one they came out of, in the order of the response", () => {
  const results = [payload("a"), payload("b", "a"), payload("c", "a"), payload("d", "b"), payload("e")];
  deepEqual(outline(results), ["a", " b", "  d", " c", "e"]);
  deepEqual(buildForest(results).map(({ number }) => number), [1, 2, 3, 4, 5]);
  equal(buildForest(results)[0]!.descendants, 3);
});

Deno.test("a payload with several parents has its place at the first, and is referred to by the others", () => {
  const forest = buildForest([
    payload("a"),
    payload("b", "a"),
    samplePayload("c", { from: ["b", "a", "a", "b"], by: ["ole", "pecarve", "ole", "ole"] }),
  ]);
  deepEqual(forest.map(id), ["a", "b", "c"]);
  deepEqual(forest[0]!.references.map(({ node, extractedBy }) => [id(node), extractedBy]), [[
    "c",
    "pecarve",
  ]]);
  deepEqual(forest[1]!.references, []);
  equal(forest[2]!.extractedBy, "ole");
});

Deno.test("a payload that was extracted from itself is at the top and marked", () => {
  const [node] = buildForest([payload("a", "a")]);
  equal(node!.isItsOwnParent, true);
  equal(node!.depth, 0);
  deepEqual(node!.references, []);
});

Deno.test("a circle is opened at its first payload", () => {
  const forest = buildForest([payload("a", "c"), payload("b", "a"), payload("c", "b"), payload("d", "c")]);
  deepEqual(forest.map((node) => [id(node), node.depth]), [["a", 0], ["b", 1], ["c", 2], ["d", 3]]);
  deepEqual(forest[2]!.references.map(({ node }) => id(node)), ["a"]);
});

Deno.test("a payload whose parents are not in the response is at the top", () => {
  deepEqual(outline([payload("a", "gone"), payload("b", "gone", "a")]), ["a", " b"]);
});

Deno.test("of two payloads with one id both are there", () => {
  deepEqual(outline([payload("a"), payload("a"), payload("b", "a")]), ["a", " b", "a"]);
});

Deno.test("a chain of 10,000 payloads is a tree like any other", () => {
  const chain = Array.from(
    { length: 10_000 },
    (_, index) => payload(`${index}`, ...(index ? [`${index - 1}`] : [])),
  );
  equal(buildForest(chain).at(-1)!.depth, 9_999);
});
