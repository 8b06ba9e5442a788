import assert from "node:assert/strict";
import type { MemoryAnswer } from "../../host/testing/memory_downloads.ts";
import { fakeDeps, fakeManifest } from "./testing/fake_deps.ts";
import { type FetchedPlugin, fetchPlugin } from "./fetched_plugin.ts";
import { MAX_DEPTH, MAX_FILE_BYTES, MAX_FILES } from "./limits.ts";

const BASE = "https://plugins.example/x/shout/";

type Web = Readonly<Record<string, MemoryAnswer>>;

/** Fetches the plugin of {@link BASE}; files of the web are relative to it or addresses. */
async function fetchFrom(web: Web): Promise<FetchedPlugin> {
  const files = { "manifest.json": fakeManifest(), ...web };
  const absolute = Object.fromEntries(
    Object.entries(files).map(([url, answer]) => [new URL(url, BASE).href, answer]),
  );
  return await fetchPlugin(fakeDeps({ web: absolute }), {
    kind: "url",
    url: `${BASE}mod.ts`,
    sha256: undefined,
  });
}

function textOf({ files }: FetchedPlugin, path: string): string {
  const file = files.find((stored) => stored.path === path);
  assert.ok(file, `${path} is not among ${files.map((stored) => stored.path).join(", ")}`);
  return new TextDecoder().decode(file.bytes);
}

const pathsOf = ({ files }: FetchedPlugin) => files.map(({ path }) => path);

Deno.test("a graph with circles, diamonds and other hosts is closed and keeps its own paths", async () => {
  const plugin = await fetchFrom({
    "mod.ts":
      `import "./a.ts"; import "./b/b.ts"; import "https://cdn.example/lib@1.0.0/index.js"; export default 1;`,
    "a.ts": `export * from "./b/b.ts";`,
    "b/b.ts": `import "../a.ts"; import "/x/shout/c.js?raw"; import "../../other/d.mjs";`,
    "c.js?raw": `export const c = 1;`,
    "../other/d.mjs": `export const d = 1;`,
    "https://cdn.example/lib@1.0.0/index.js":
      `import "./deep/e.js"; import "npm:left-pad@1.3.0/index.js"; import "node:fs";`,
    "https://cdn.example/lib@1.0.0/deep/e.js": `import "https://plugins.example/x/shout/a.ts";`,
  });
  const others = pathsOf(plugin).filter((path) => path.startsWith("_stoq/"));
  assert.deepEqual(pathsOf(plugin).filter((path) => !others.includes(path)), [
    "a.ts",
    "b/b.ts",
    "manifest.json",
    "mod.ts",
  ]);
  assert.deepEqual(
    others.map((path) => path.replace(/^_stoq\/files\/[0-9a-f]{32}-/, "")).sort(),
    ["c.js", "d.mjs", "e.js", "index.js"],
  );
  const index = others.find((path) => path.endsWith("-index.js"))!;
  const e = others.find((path) => path.endsWith("-e.js"))!;
  assert.ok(textOf(plugin, "mod.ts").includes(`import "./${index}"`));
  assert.equal(textOf(plugin, e), `import "../../a.ts";`);
  assert.match(
    textOf(plugin, index),
    /^import "\.\/[0-9a-f]{32}-e\.js"; import "npm:left-pad@1\.3\.0\/index\.js"; import "node:fs";$/,
  );
  assert.equal(textOf(plugin, "a.ts"), `export * from "./b/b.ts";`);
  assert.deepEqual(plugin.packages, ["npm:left-pad@1.3.0"]);
});

Deno.test("a redirect is noted, and imports are relative to the final address", async () => {
  const plugin = await fetchFrom({
    "mod.ts": `import { a } from "https://short.example/a"; import "./b.ts"; export default a;`,
    "https://short.example/a": { status: 302, location: "https://cdn.example/a@1/a.ts" },
    "https://cdn.example/a@1/a.ts": `import "./n.ts"; export const a = 1;`,
    "https://cdn.example/a@1/n.ts": "",
    "b.ts": `import "https://cdn.example/a@1/a.ts";`,
  });
  assert.deepEqual(plugin.notes, ['"https://short.example/a" redirects to "https://cdn.example/a@1/a.ts"']);
  assert.equal(pathsOf(plugin).filter((path) => path.endsWith("-a.ts")).length, 1);
});

Deno.test("the plugin API is copied, whichever address of stoQ is named, and types are not fetched", async () => {
  const plugin = await fetchFrom({
    "mod.ts": `import { definePlugin } from "https://deno.example/stoq@4.2.0/src/plugin/define.ts";
      import type { T } from "https://types.example/t.ts";
      import { quote } from "../../src/plugin/define.ts"; export default definePlugin(() => ({}));
      import { entryPath } from "https://deno.example/stoq@4.2.0/src/plugin/kit/path.ts";
      import { ByteReader } from "https://deno.example/stoq@4.2.0/src/formats/bytes/mod.ts";`,
  });
  const module = textOf(plugin, "mod.ts");
  assert.ok(module.includes(`definePlugin } from "./_stoq/api/plugin/define.ts"`));
  assert.ok(module.includes(`quote } from "./_stoq/api/plugin/define.ts"`));
  assert.ok(module.includes(`entryPath } from "./_stoq/api/plugin/kit/path.ts"`));
  assert.ok(module.includes(`ByteReader } from "./_stoq/api/formats/bytes/mod.ts"`));
  assert.ok(module.includes(`"https://types.example/t.ts"`));
  assert.ok(pathsOf(plugin).includes("_stoq/api/core/contract/contract.ts"));
  assert.ok(pathsOf(plugin).includes("_stoq/api/formats/bytes/byte_reader.ts"));
  assert.ok(!pathsOf(plugin).includes("_stoq/api/plugin/kit/mod.ts"), "files that nothing imports stay out");
});

Deno.test("a file of the plugin's own folder is its own, even at a path of the plugin API", async () => {
  const plugin = await fetchFrom({
    "mod.ts": `import "./src/formats/bytes/mod.ts"; export default 1;`,
    "src/formats/bytes/mod.ts": "export const own = 1;",
  });
  assert.equal(textOf(plugin, "src/formats/bytes/mod.ts"), "export const own = 1;");
});

Deno.test("modules that need more than blanking out types are stored as JavaScript, others as they came", async () => {
  const plugin = await fetchFrom({
    "mod.ts": `import "./plain.ts"; import "./wide?x"; export default 1;`,
    "plain.ts": "export const é: string = '😀';",
    "wide?x": {
      mediaType: "application/typescript",
      content: new TextEncoder().encode("enum E { A } import './plain.ts';"),
    },
  });
  assert.equal(textOf(plugin, "plain.ts"), "export const é: string = '😀';");
  const wide = pathsOf(plugin).find((path) => path.endsWith("-wide.ts"))!;
  assert.match(textOf(plugin, wide), /var E[^]*import ["']\.\.\/\.\.\/plain\.ts["']/);
});

Deno.test("a file that is imported as text keeps its bytes", async () => {
  const plugin = await fetchFrom({
    "mod.ts":
      `import text from "./page.html" with { type: "text" }; import w from "./a.wasm"; export default [text, w];`,
    "page.html": {
      mediaType: "text/html",
      content: new TextEncoder().encode("<script src='./x.js'></script>"),
    },
    "a.wasm": new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]),
  });
  assert.equal(textOf(plugin, "page.html"), "<script src='./x.js'></script>");
});

const REFUSED: (readonly [string, Web, RegExp])[] = [
  [
    "a bare import",
    { "mod.ts": `import "lodash";` },
    /imports "lodash", which must be a relative or https address/,
  ],
  ["jsr", { "mod.ts": `import "jsr:@std/path@1.0.0";` }, /imports "jsr:@std\/path@1\.0\.0", which must be/],
  [
    "a file of this machine",
    { "mod.ts": `import "file:///etc/passwd";` },
    /imports "file:\/\/\/etc\/passwd", which must be/,
  ],
  ["a package without version", { "mod.ts": `import "npm:left-pad";` }, /which must have an exact version/],
  [
    "a package with a range",
    { "mod.ts": `import "npm:left-pad@^1.0.0";` },
    /which must have an exact version/,
  ],
  [
    "http",
    { "mod.ts": `import "http://cdn.example/a.ts";` },
    /Can't install "http:\/\/cdn\.example\/a\.ts": it must begin with https/,
  ],
  [
    "a name and password",
    { "mod.ts": `import "https://me:secret@cdn.example/a.ts";` },
    /must have no user name or password/,
  ],
  [
    "another host's port",
    { "mod.ts": `import "https://cdn.example:8443/a.ts";` },
    /must use the default port/,
  ],
  ["this machine by https", { "mod.ts": `import "https://localhost/a.ts";` }, /must have a public name/],
  ["this machine by http", { "mod.ts": `import "http://127.0.0.1/a.ts";` }, /must have a public name/],
  [
    "a redirection to http",
    { "mod.ts": { status: 301, location: "http://plugins.example/x/shout/mod.ts" } },
    /must begin with https/,
  ],
  [
    "a redirection to this machine",
    { "mod.ts": `import "./a.ts";`, "a.ts": { status: 301, location: "http://localhost:80/admin" } },
    /must have a public name/,
  ],
  [
    "a redirection without end",
    { "mod.ts": { status: 302, location: "?1" }, ...loop(10) },
    /redirects more than 5 times/,
  ],
  [
    "a redirection to another file",
    { "mod.ts": { status: 302, location: "./" }, "./": "" },
    /which is not a mod\.ts/,
  ],
  [
    "a redirection to no address",
    { "mod.ts": { status: 302, location: "https://%" } },
    /which is not a URL/,
  ],
  ["a page for people", { "mod.ts": { mediaType: "text/html", content: new Uint8Array() } }, /web page/],
  ["what is no code", {
    "mod.ts": `import "./a";`,
    "a": { mediaType: "image/png", content: new Uint8Array() },
  }, /media type is "image\/png"/],
  ["JSX", { "mod.ts": `import "./a.tsx";`, "a.tsx": "export default <b/>;" }, /its name ends in none of/],
  ["a missing file", { "mod.ts": `import "./a.ts";`, "a.ts": { status: 404 } }, /the server answered 404/],
  ["a host that is not there", { "mod.ts": `import "https://gone.example/a.ts";` }, /connection refused/],
  [
    "a file that is too large",
    { "mod.ts": new Uint8Array(MAX_FILE_BYTES + 1) },
    /has more than 32000000 bytes/,
  ],
  ["no module", { "mod.ts": "this is %% nothing" }, /neither TypeScript nor JavaScript/],
  ["imports nested without end", chain(MAX_DEPTH + 2), /nested more than 64 deep/],
  ["too many files", { "mod.ts": many(MAX_FILES), ...crowd(MAX_FILES) }, /more than 1000 files/],
  [
    "names that differ in case",
    { "mod.ts": `import "./a.ts"; import "./A.ts";`, "a.ts": "", "A.ts": "" },
    /the same file on systems that ignore case/,
  ],
  ["code and text at once", {
    "mod.ts": `import "./a.ts"; import t from "./a.ts" with { type: "text" };`,
    "a.ts": "",
  }, /imported as code and as something else/],
  [
    "a manifest that climbs",
    { "mod.ts": "", "manifest.json": fakeManifest({ name: "../../x" }) },
    /"name" must be lower-case letters.*, got "\.\.\/\.\.\/x"/,
  ],
  [
    "a manifest named like a device",
    { "mod.ts": "", "manifest.json": fakeManifest({ name: "nul" }) },
    /not every system can store/,
  ],
  [
    "a manifest of another contract",
    { "mod.ts": "", "manifest.json": fakeManifest({ api: 3 }) },
    /"api" must be 1 or 2, got 3/,
  ],
  [
    "a manifest that is no text",
    { "mod.ts": "", "manifest.json": new Uint8Array([0xff]) },
    /not UTF-8 text/,
  ],
  [
    "no manifest",
    { "mod.ts": "", "manifest.json": { status: 404 } },
    /manifest\.json": the server answered 404/,
  ],
];

for (
  const host of [
    "10.0.0.1",
    "0x7f.1",
    "[fd00::1]",
    "intranet",
    "x.localhost",
    "localhost.",
    "169.254.169.254",
  ]
) {
  REFUSED.push([
    `the host ${host}`,
    { "mod.ts": `import "https://${host}/a.ts";` },
    /must have a public name/,
  ]);
}

function loop(count: number): Web {
  return Object.fromEntries(
    Array.from(
      { length: count },
      (_, index) => [`mod.ts?${index}`, { status: 302, location: `?${index + 1}` }],
    ),
  );
}

function chain(length: number): Web {
  const links = Array.from({ length }, (_, index) => [`${index}.ts`, `import "./${index + 1}.ts";`]);
  return { "mod.ts": `import "./0.ts";`, ...Object.fromEntries(links) };
}

function many(count: number): string {
  return Array.from({ length: count }, (_, index) => `import "./${index}.ts";`).join("\n");
}

function crowd(count: number): Web {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}.ts`, ""]));
}

for (const [what, web, message] of REFUSED) {
  Deno.test(`nothing is installed with ${what}`, async () => {
    await assert.rejects(fetchFrom(web), message);
  });
}

Deno.test("a checksum in the reference holds for the module", async () => {
  const web = { [`${BASE}mod.ts`]: "export default 1;", [`${BASE}manifest.json`]: fakeManifest() };
  const sha256 = "a".repeat(64);
  const origin = { kind: "url", url: `${BASE}mod.ts`, sha256 } as const;
  await assert.rejects(fetchPlugin(fakeDeps({ web }), origin), /must be sha256-a{64}/);
});

Deno.test("a local folder is taken whole, but for hidden files, and its links are refused", async () => {
  const files = {
    "/work/shout/mod.ts":
      `import { definePlugin } from "../../src/plugin/define.ts"; export default definePlugin;`,
    "/work/shout/manifest.json": fakeManifest(),
    "/work/shout/testdata/one.bin": new Uint8Array([1]),
    "/work/shout/testdata/with space": "x",
    "/work/shout/.git/config": "secret",
    "/work/shout/node_modules/a/index.js": "",
  };
  const deps = fakeDeps({ files });
  const plugin = await fetchPlugin(deps, { kind: "folder", path: "/work/shout" });
  const own = pathsOf(plugin).filter((path) => !path.startsWith("_stoq/"));
  assert.deepEqual(own, ["manifest.json", "mod.ts", "testdata/one.bin"]);
  assert.deepEqual(plugin.notes, [
    '".git" is skipped',
    '"node_modules" is skipped',
    '"testdata/with space" is skipped: not every system can store its name',
  ]);
  assert.equal(plugin.reference, "/work/shout");

  const linked = fakeDeps({ files });
  const list = linked.storage.list.bind(linked.storage);
  linked.storage.list = async (path) => [...await list(path), { name: "link.ts", kind: "other" }];
  await assert.rejects(
    fetchPlugin(linked, { kind: "folder", path: "/work/shout" }),
    /link\.ts" is not a regular file/,
  );
});

Deno.test("a folder's import that leads out of it is refused", async () => {
  const files = {
    "/work/shout/mod.ts": `import "../secret.ts";`,
    "/work/shout/manifest.json": fakeManifest(),
    "/work/secret.ts": "",
  };
  const fetching = fetchPlugin(fakeDeps({ files }), { kind: "folder", path: "/work/shout" });
  await assert.rejects(fetching, /an import leads outside its folder/);
});

Deno.test("a manifest that is imported too is the one that was checked", async () => {
  let asked = 0;
  const web = {
    [`${BASE}mod.ts`]: `import m from "./manifest.json" with { type: "json" }; export default m;`,
    [`${BASE}manifest.json`]: fakeManifest(),
  };
  const deps = fakeDeps({ web });
  const get = deps.downloads.get.bind(deps.downloads);
  deps.downloads.get = async (url, limitBytes) => {
    if (!url.endsWith("/manifest.json")) return await get(url, limitBytes);
    const content = fakeManifest(asked++ === 0 ? {} : { permissions: { run: ["sh"] } });
    return { status: 200, location: undefined, mediaType: "", content: new TextEncoder().encode(content) };
  };
  const plugin = await fetchPlugin(deps, { kind: "url", url: `${BASE}mod.ts`, sha256: undefined });
  assert.equal(textOf(plugin, "manifest.json"), fakeManifest());
  assert.equal(asked, 1);
});

Deno.test("a resource without extension gets that of its media type", async () => {
  const plugin = await fetchFrom({
    "mod.ts": `import d from "./data?x" with { type: "json" }; export default d;`,
    "data?x": { mediaType: "application/json", content: new TextEncoder().encode("{}") },
  });
  assert.match(textOf(plugin, "mod.ts"), /"\.\/_stoq\/files\/[0-9a-f]{32}-data\.json"/);
});
