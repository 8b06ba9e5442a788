import assert from "node:assert/strict";
import { Turns } from "./turns.ts";

Deno.test("work is done in turn, whatever happens to the work before it", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const work = async (name: string) => {
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
    if (name === "second") throw new Error("it broke");
    return name;
  };
  const outcomes = await Promise.allSettled(
    ["first", "second", "third"].map((name) => turns.take(() => work(name))),
  );
  assert.deepEqual(outcomes.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual(seen, ["first", "second", "third"].flatMap((name) => [`${name} begins`, `${name} ends`]));
});
