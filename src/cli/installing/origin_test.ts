import assert from "node:assert/strict";
import { fakeDeps } from "./testing/fake_deps.ts";
import { readGithub, readOrigin } from "./origin.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

Deno.test("an operand is an address, a package or a folder", async () => {
  const { system } = fakeDeps({
    files: { "/work/shout/mod.ts": "" },
    env: { JSR_URL: "http://127.0.0.1:1" },
  });
  const url = "https://example.org/mod.ts";
  assert.deepEqual(await readOrigin(system, url), { kind: "url", url, sha256: undefined });
  assert.deepEqual(await readOrigin(system, "npm:@a/b@1.2.3"), {
    kind: "npm",
    name: "@a/b",
    version: "1.2.3",
  });
  assert.deepEqual(await readOrigin(system, "shout"), { kind: "folder", path: "/work/shout" });
  assert.deepEqual(await readOrigin(system, "jsr:@a/b@1.2.3"), {
    kind: "url",
    url: "http://127.0.0.1:1/@a/b/1.2.3/mod.ts",
    sha256: undefined,
    reference: "jsr:@a/b@1.2.3",
  });
  await assert.rejects(readOrigin(system, "nothing"), /it must be a folder, or an https:/);
  await assert.rejects(readOrigin(system, "npm:b@latest"), { code: "invalid-reference" });
});

Deno.test("on GitHub a commit is named, for a branch is another thing tomorrow", () => {
  const raw = "https://raw.githubusercontent.com/owner/repo";
  assert.deepEqual(readGithub(`owner/repo@${COMMIT}`), {
    kind: "url",
    url: `${raw}/${COMMIT}/mod.ts`,
    sha256: undefined,
  });
  assert.deepEqual(readGithub(`owner/repo/plugins/x@${COMMIT}`), {
    kind: "url",
    url: `${raw}/${COMMIT}/plugins/x/mod.ts`,
    sha256: undefined,
  });
  for (const word of ["owner/repo", "owner/repo@main", `owner/repo@${COMMIT.slice(0, 7)}`]) {
    assert.throws(
      () => readGithub(word),
      /a branch or tag can be moved; name the commit.*: owner\/repo@[0-9a-f]{40}$/,
    );
  }
  for (const word of ["repo", "stoq:hash", "git+https://x", `owner/repo/../x@${COMMIT}`, `a b/c@${COMMIT}`]) {
    assert.throws(() => readGithub(word), /--github takes OWNER\/REPO@COMMIT/);
  }
});
