import assert from "node:assert/strict";
import { DenoDownloads } from "./deno_downloads.ts";

/** Serves one answer on this machine and fetches it. */
async function fetchFrom(answer: () => Response, limitBytes = 1_000_000) {
  let requests = 0;
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    requests++;
    return answer();
  });
  const reply = await new DenoDownloads().get(`http://127.0.0.1:${server.addr.port}/x`, limitBytes);
  return { reply, requests };
}

Deno.test("a redirection is an answer, and is not followed", async () => {
  const { reply, requests } = await fetchFrom(() =>
    new Response(null, { status: 302, headers: { location: "/y" } })
  );
  assert.deepEqual([reply.status, reply.location, requests], [302, "/y", 1]);
});

Deno.test("a body is read whole up to the limit, and not at all beyond it", async () => {
  const body = new Uint8Array(300_000).map((_, index) => index);
  const whole = await fetchFrom(
    () => new Response(body, { headers: { "content-type": "Text/X; charset=y" } }),
    300_000,
  );
  assert.deepEqual(whole.reply.content, body);
  assert.equal(whole.reply.mediaType, "text/x");
  assert.equal((await fetchFrom(() => new Response(body), 299_999)).reply.content, undefined);
  assert.deepEqual((await fetchFrom(() => new Response(null))).reply.content, new Uint8Array());
});
