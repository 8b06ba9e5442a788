import assert from "node:assert/strict";
import { isRemote, readReference, writeReference } from "./reference.ts";

const SHA = "0123456789abcdef".repeat(4);

Deno.test("references are read and written as they are", () => {
  const words = [
    "https://example.org/x/mod.ts",
    `https://example.org/x/mod.ts#sha256-${SHA}`,
    `https://example.org:8443/x/mod.ts?v=1#sha256-${SHA}`,
    "http://127.0.0.1:8000/mod.ts",
    "http://localhost/mod.ts",
    "http://[::1]:80/mod.ts",
    "npm:shout@1.2.3",
    "npm:@me/shout@1.2.3-rc.1+build",
    "jsr:@me/shout@1.2.3",
  ];
  for (const word of words) {
    assert.ok(isRemote(word), word);
    const { reference, problem } = readReference(word);
    assert.equal(problem, undefined);
    assert.equal(writeReference(reference!), word.replace(":80/", "/"));
  }
});

Deno.test("names and paths are no references", () => {
  for (const word of ["hash", "./https:", "/a/npm:x", "npm", "C:\\x", "-"]) assert.ok(!isRemote(word), word);
});

const REFUSED: readonly (readonly [string, RegExp])[] = [
  ["http://example.org/mod.ts", /must begin with https:\/\/$/],
  ["http://127.0.0.1.example.org/mod.ts", /must begin with https:\/\/$/],
  ["https://me:pw@example.org/mod.ts", /must have no user name or password/],
  ["https://me@example.org/mod.ts", /must have no user name or password/],
  ["https://example.org/x/../mod.ts", /must have no "\.\." in its path/],
  ["https://example.org/x/%2e%2E/mod.ts", /must have no "\.\." in its path/],
  ["https://example.org/x\\..\\mod.ts", /must have no "\.\." in its path/],
  ["https://example.org/x/", /must be the address of a mod\.ts/],
  ["https://example.org/xmod.ts", /must be the address of a mod\.ts/],
  ["https://example.org/mod.ts#sha256-123", /must end with its path, or with #sha256-/],
  [`https://example.org/mod.ts#sha1-${SHA}`, /must end with its path, or with #sha256-/],
  ["https://", /must be https:\/\/HOST/],
  ["npm:shout", /must be https:\/\/HOST.*npm:NAME@VERSION/],
  ["npm:shout@latest", /needs an exact version/],
  ["npm:shout@1", /needs an exact version/],
  ["npm:../x@1.2.3", /must be https:\/\/HOST/],
  ["jsr:shout@1.2.3", /must be jsr:@SCOPE/],
  ["npm:sh\u001b[2Jout@1.2.3", /^plugin reference "npm:sh\\u001b\[2Jout@1\.2\.3" can't be used/],
];

for (const [word, problem] of REFUSED) {
  Deno.test(`a reference such as ${JSON.stringify(word)} is refused`, () => {
    assert.match(readReference(word).problem ?? "", problem);
  });
}
