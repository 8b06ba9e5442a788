/**
 * Nested archives under small limits: what was found and what is reported as left out are together all that there was.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type ErrorRecord, serializeResponse, Stoq, type StoqOptions, type StoqResponse } from "../../mod.ts";
import { buildTarOf, buildZip } from "./build_archive.ts";

/** A reproducible sequence of numbers from 0 to `below` - 1 (linear congruence, as in C). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor(state / 2 ** 31 * below);
  };
}

/** An archive of archives. @param entryCounts receives SHA-256 → how many entries that archive has */
function buildTree(
  next: ReturnType<typeof numbers>,
  entryCounts: Map<string, number>,
  depth = 0,
): Uint8Array {
  const leaf = () => ["the same everywhere", `${next(1e9)}`, `${next(1e9)}`.repeat(7_000)][next(3)]!;
  const content = () => depth < 2 && next(5) < 2 ? buildTree(next, entryCounts, depth + 1) : leaf();
  const count = 1 + next(20);
  const kind = depth === 0 ? "zip" : ["zip", "zip", "gzip", "tar"][next(4)];
  const archive = kind === "gzip"
    ? new Uint8Array(gzipSync(content()))
    : kind === "tar"
    ? buildTarOf(Array.from({ length: count }, (_, index) => ({ name: `${index}`, content: leaf() })))
    : buildZip(
      Array.from(
        { length: count },
        (_, index) => ({ name: `${index}`, content: content(), isDeflated: true }),
      ),
    );
  entryCounts.set(createHash("sha256").update(archive).digest("hex"), kind === "gzip" ? 1 : count);
  return archive;
}

const COUNTED = [
  { wording: /^(\d+) (?:more )?extracted payloads/, named: 0 },
  { wording: /^Extracted payload "/, named: 1 },
  { wording: /^Cannot fully unpack "[^"]*" and (\d+) more entr/, named: 1 },
  { wording: /^Cannot fully unpack (\d+) entr/, named: 0 },
  { wording: /^Cannot fully unpack "[^"]*":/, named: 1 },
];

/** How many entries an error says were left out. */
function leftOutBy({ code, error }: ErrorRecord): number {
  if (!/^limit-(?:payloads|payload-bytes|extracted-bytes|response-cost)$/.test(code)) return 0;
  for (const { wording, named } of COUNTED) {
    const [text, more = "0"] = wording.exec(error) ?? [];
    if (text !== undefined) return named + Number(more);
  }
  return 0;
}

/** How often each payload was the parent of one that was found, duplicates too. */
function foundIn({ results }: StoqResponse): Map<string, number> {
  const found = new Map<string, number>();
  for (const parent of results.flatMap(({ extractedFrom }) => extractedFrom)) {
    found.set(parent, (found.get(parent) ?? 0) + 1);
  }
  return found;
}

function assertAllCounted(response: StoqResponse, entryCounts: ReadonlyMap<string, number>): void {
  const found = foundIn(response);
  for (const { payloadId, sha256, pluginsRun } of response.results) {
    const entryCount = entryCounts.get(sha256!);
    if (entryCount === undefined || !pluginsRun.workers.includes("decompress")) continue;
    const errors = response.errors.filter((error) => error.payloadId === payloadId);
    const leftOut = errors.reduce((sum, error) => sum + leftOutBy(error), 0);
    const messages = JSON.stringify(errors.map(({ error }) => error));
    assert.equal((found.get(payloadId) ?? 0) + leftOut, entryCount, messages);
  }
}

async function scanWith(limits: StoqOptions, contents: readonly Uint8Array[]): Promise<StoqResponse[]> {
  await using stoq = new Stoq({
    stoqHome: "/proc/nonexistent/stoq-home",
    isolation: "none",
    alwaysDispatch: ["decompress", "hash"],
    pluginOpts: { hash: { algorithms: ["sha256"] } },
    ...limits,
  });
  const responses: StoqResponse[] = [];
  for (const content of contents) responses.push(await stoq.scan(content));
  return responses;
}

const LIMITS: Readonly<Record<string, StoqOptions>> = {
  "payloads": { payloads: 17 },
  "extracted_bytes": { extractedBytes: 100_000 },
  "payload_bytes": { payloadBytes: 50_000 },
  "response_cost": { responseCost: 120_000 },
};

for (const [name, limits] of Object.entries(LIMITS)) {
  Deno.test(`entries that ${name} leaves out of nested archives are counted exactly`, async () => {
    const entryCounts = new Map<string, number>();
    const next = numbers(11);
    const trees = Array.from({ length: 4 }, () => buildTree(next, entryCounts));
    const responses = await scanWith(limits, trees);
    for (const [index, response] of responses.entries()) {
      assert.equal(response.results[0]?.sizeBytes, trees[index]!.length);
      assert.ok(response.results[0]?.workers.hash, "the root was digested");
      assertAllCounted(response, entryCounts);
      JSON.parse(serializeResponse(response));
    }
    const leftOut = responses.flatMap(({ errors }) => errors).reduce(
      (sum, error) => sum + leftOutBy(error),
      0,
    );
    assert.ok(leftOut > 0, "the limit was met");
  });
}

Deno.test("what each archive of a round keeps does not depend on the order in which the archives stand", async () => {
  const archives = [40, 3, 25, 31, 1].map((count) => ({
    name: `${count}.zip`,
    content: buildZip(
      Array.from(
        { length: count },
        (_, index) => ({ name: `${count}/${index}`, content: `${count} ${index}` }),
      ),
    ),
  }));
  const orders = [archives, archives.toReversed(), [...archives.slice(2), ...archives.slice(0, 2)]];
  const responses = await scanWith({ payloads: 1 + 5 + 64 }, orders.map((order) => buildZip(order)));
  const kept = responses.map((response) => {
    const found = foundIn(response);
    return Object.fromEntries(
      response.results.slice(1, 6).map(({ payloadId, payloadMeta }) => [
        payloadMeta.extraData.filename,
        found.get(payloadId) ?? 0,
      ]),
    );
  });
  for (const counts of kept) {
    assert.deepEqual(counts, { "40.zip": 20, "3.zip": 3, "25.zip": 20, "31.zip": 20, "1.zip": 1 });
  }
});
