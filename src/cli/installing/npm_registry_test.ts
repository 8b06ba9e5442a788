import assert from "node:assert/strict";
import { buildTarball } from "../../../tests/build_tarball.ts";
import { fakeDeps } from "./testing/fake_deps.ts";
import { fetchPackage } from "./npm_registry.ts";

const ARCHIVE = await buildTarball([{ name: "package/mod.ts", content: "export default 1;" }]);
const SHA512 = new Uint8Array(await crypto.subtle.digest("SHA-512", ARCHIVE)).toBase64();

function index(tarball: string, integrity: unknown = `sha512-${SHA512}`): string {
  return JSON.stringify({ versions: { "1.0.0": { dist: { tarball, integrity } } } });
}

/** The address of the index that is asked in an environment. */
async function askedIndex(
  name: string,
  files: Record<string, string>,
  env: Record<string, string>,
): Promise<string> {
  const deps = fakeDeps({ files, env: { HOME: "/home/me", ...env } });
  await assert.rejects(fetchPackage(deps, name, "1.0.0", []), /connection refused/);
  return deps.downloads.asked[0]!;
}

Deno.test("the registry is a scope's own, the environment's, the folder's, the home's, the public one", async () => {
  const home = {
    "/home/me/.npmrc": "registry=https://home.example\n@me:registry=https://mine.example/npm/\n",
  };
  const here = { ...home, "/work/.npmrc": "; a comment\n registry = https://here.example/ \n" };
  const env = { NPM_CONFIG_REGISTRY: "https://env.example" };
  assert.equal(await askedIndex("x", {}, {}), "https://registry.npmjs.org/x");
  assert.equal(await askedIndex("x", home, {}), "https://home.example/x");
  assert.equal(await askedIndex("x", here, {}), "https://here.example/x");
  assert.equal(await askedIndex("x", here, env), "https://env.example/x");
  assert.equal(await askedIndex("@me/x", here, env), "https://mine.example/npm/@me%2fx");
  assert.equal(await askedIndex("@other/x", {}, env), "https://env.example/@other%2fx");
});

Deno.test("a package that differs from its index is refused", async () => {
  const tarball = "https://registry.npmjs.org/x/-/x-1.0.0.tgz";
  const fetchWith = (text: string, extra = {}) =>
    fetchPackage(
      fakeDeps({ web: { "https://registry.npmjs.org/x": text, [tarball]: ARCHIVE, ...extra } }),
      "x",
      "1.0.0",
      [],
    );
  assert.deepEqual([...(await fetchWith(index(tarball))).keys()], ["mod.ts"]);
  assert.deepEqual([...(await fetchWith(index(tarball, `sha1-x sha512-${SHA512}`))).keys()], ["mod.ts"]);
  const cut = { [tarball]: ARCHIVE.subarray(1) };
  await assert.rejects(fetchWith(index(tarball), cut), { code: "plugin-digest-mismatch" });
  await assert.rejects(fetchWith(index(tarball, "sha1-x")), /its registry has no sha512 digest of it/);
  await assert.rejects(fetchWith(index(tarball, 7)), /its registry has no sha512 digest of it/);
  await assert.rejects(fetchWith(index("http://registry.npmjs.org/x.tgz")), /must begin with https/);
  await assert.rejects(fetchWith(index("https://localhost/x.tgz")), /must have a public name/);
  await assert.rejects(
    fetchWith(index("x.tgz")),
    /the address of version "1\.0\.0" must be a URL, got "x\.tgz"/,
  );
  await assert.rejects(fetchWith("null"), /there is no version "1\.0\.0" of it/);
  await assert.rejects(fetchWith('{"versions":{}}'), /there is no version "1\.0\.0" of it/);
  await assert.rejects(fetchWith("<html>"), /it is not the index of a package/);
});
