import assert from "node:assert/strict";
import { MAGIC_HEAD_BYTES, type MagicEngine, startDetector } from "./detector.ts";
import { MagicError } from "./error.ts";

/** Counts its instances; each answers its own number, or crashes or fails as the content tells it. */
function fakeEngine(): MagicEngine<number> & { loads: number; isBroken: boolean; heads: number[] } {
  return {
    loads: 0,
    isBroken: false,
    heads: [],
    load() {
      if (this.isBroken) return Promise.reject(new MagicError("magic-not-started", "broken"));
      return Promise.resolve(++this.loads);
    },
    ask(instance, head) {
      this.heads.push(head.length);
      if (head[0] === 0xcc) throw new MagicError("magic-crashed", "crashed");
      if (head[0] === 0xee) throw new MagicError("magic-no-answer", "no answer");
      return `instance/${instance}`;
    },
  };
}

const PLAIN = Uint8Array.of(0);
const CRASH = Uint8Array.of(0xcc);
const NO_ANSWER = Uint8Array.of(0xee);

Deno.test("an instance is used again and again", async () => {
  const detector = await startDetector(fakeEngine());
  assert.equal(await detector.detect(PLAIN), "instance/1");
  assert.equal(await detector.detect(PLAIN), "instance/1");
});

Deno.test("an instance that crashed is replaced once, however many calls wait for the next one", async () => {
  const engine = fakeEngine();
  const detector = await startDetector(engine);
  await assert.rejects(detector.detect(CRASH), { code: "magic-crashed" });
  const answers = await Promise.all([detector.detect(PLAIN), detector.detect(PLAIN), detector.detect(PLAIN)]);
  assert.deepEqual(answers, ["instance/2", "instance/2", "instance/2"]);
  assert.equal(engine.loads, 2);
});

Deno.test("a call beside a crash never sees the crashed instance", async () => {
  const detector = await startDetector(fakeEngine());
  const [crashed, answered, again] = await Promise.allSettled([CRASH, PLAIN, CRASH].map(detector.detect));
  assert.equal(crashed!.status, "rejected");
  assert.deepEqual(answered, { status: "fulfilled", value: "instance/2" });
  assert.equal(again!.status, "rejected");
  assert.equal(await detector.detect(PLAIN), "instance/3");
});

Deno.test("a failure that is no crash keeps the instance", async () => {
  const engine = fakeEngine();
  const detector = await startDetector(engine);
  await assert.rejects(detector.detect(NO_ANSWER), { code: "magic-no-answer" });
  assert.equal(await detector.detect(PLAIN), "instance/1");
});

Deno.test("a restart that failed is tried again by the next call", async () => {
  const engine = fakeEngine();
  const detector = await startDetector(engine);
  await assert.rejects(detector.detect(CRASH));
  engine.isBroken = true;
  await assert.rejects(detector.detect(PLAIN), { code: "magic-not-started" });
  engine.isBroken = false;
  assert.equal(await detector.detect(PLAIN), "instance/2");
});

Deno.test("the engine sees a bounded head of the content", async () => {
  const engine = fakeEngine();
  const detector = await startDetector(engine);
  await detector.detect(new Uint8Array(MAGIC_HEAD_BYTES + 1));
  await detector.detect(new Uint8Array(MAGIC_HEAD_BYTES));
  await detector.detect(new Uint8Array(3));
  assert.deepEqual(engine.heads, [MAGIC_HEAD_BYTES, MAGIC_HEAD_BYTES, 3]);
});
