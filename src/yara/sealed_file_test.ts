import assert from "node:assert/strict";
import { MAX_SECTIONS, sealSections, unsealSections } from "./sealed_file.ts";

async function seal(sections: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Blob(await sealSections(sections) as BlobPart[]).arrayBuffer());
}

const SECTIONS = [new Uint8Array([1, 2, 3]), new Uint8Array(0), new Uint8Array(20).fill(7)];

Deno.test("sections come out as they were put in, at places that numbers of 64 bits may lie at", async () => {
  const unsealed = await unsealSections(await seal(SECTIONS));
  assert.ok("sections" in unsealed);
  assert.deepEqual(unsealed.sections.map((section) => [...section]), SECTIONS.map((section) => [...section]));
  assert.ok(unsealed.sections.every((section) => section.byteOffset % 8 === 0));
});

Deno.test("a file that was changed at any place, cut or lengthened is damaged", async () => {
  const file = await seal(SECTIONS);
  for (let at = 0; at < file.length; at++) {
    const changed = file.slice();
    changed[at]! ^= 1;
    // The zeros that nothing reads.
    if (at < 12 || at >= 16) assert.ok("damage" in await unsealSections(changed), `byte ${at}`);
    assert.ok("damage" in await unsealSections(file.slice(0, at)), `cut at ${at}`);
  }
  assert.ok("damage" in await unsealSections(Uint8Array.from([...file, 0])));
});

Deno.test("a file that names more sections than it may is damaged", async () => {
  const file = await seal(Array.from({ length: MAX_SECTIONS + 1 }, () => new Uint8Array(1)));
  assert.deepEqual(await unsealSections(file), { damage: `it names ${MAX_SECTIONS + 1} sections` });
});
