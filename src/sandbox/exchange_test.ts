import assert from "node:assert/strict";
import type { AnyCall } from "../core/ports/plugin_host.ts";
import { Exchange } from "./exchange.ts";
import { FrameError } from "./frames.ts";
import { MAX_WANTED } from "./protocol.ts";

const RELATIVE = new Uint8Array([1, 2, 3]);
/** As large as an array can be that threads do not share; it takes no memory. */
const HUGE = { length: 256_000_001 } as Uint8Array;

const CONTENTS: Readonly<Record<string, Uint8Array>> = { relative: RELATIVE, huge: HUGE };

function exchangeOf(hasFamily = true): Exchange {
  const request = {
    results: [],
    errors: [],
    budget: { payloads: 1, extractedBytes: 1 },
    content: hasFamily ? (id: string) => Object.hasOwn(CONTENTS, id) ? CONTENTS[id] : undefined : undefined,
  };
  const call = { role: "worker", payload: {}, request } as unknown as AnyCall;
  return new Exchange(1, "plugin", 1_000_000, () => true, call);
}

const wantContent = (exchange: Exchange, payloadId: string) =>
  exchange.take({ type: "want-content", id: 1, payloadId }, new Uint8Array());

Deno.test("a plugin that needs its family is given the bytes of relatives and of no other payload", async () => {
  const exchange = exchangeOf();
  assert.deepEqual(await wantContent(exchange, "relative"), { state: "whole", body: RELATIVE });
  assert.equal((await wantContent(exchange, "constructor"))?.state, "absent");
  const huge = await wantContent(exchange, "huge");
  assert.deepEqual([huge?.state, huge?.body.length], ["too-large", 0]);
});

Deno.test("bytes of relatives are given once each, to a call that may have them, and not without end", async () => {
  const exchange = exchangeOf();
  await wantContent(exchange, "relative");
  await assert.rejects(wantContent(exchange, "relative"), FrameError);
  await assert.rejects(wantContent(exchange, "x".repeat(101)), FrameError);
  await assert.rejects(wantContent(exchangeOf(false), "relative"), FrameError);
  await assert.rejects(wantContent(new Exchange(1, "provider", 1, () => true), "relative"), FrameError);
  for (let n = 1; n < MAX_WANTED; n++) await wantContent(exchange, `${n}`);
  await assert.rejects(wantContent(exchange, "one more"), FrameError);
});
