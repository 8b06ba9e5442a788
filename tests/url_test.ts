import assert from "node:assert/strict";
import { TempFolder } from "./run_stoq.ts";

const ROOT = new URL("../", import.meta.url);

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ts: "application/typescript",
  js: "text/javascript",
  json: "application/json",
  wasm: "application/wasm",
};

/** Serves the checkout as a static host does. @param paths receives the requested paths */
function serveCheckout(paths: string[] = []): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const path = new URL(request.url).pathname.slice(1);
    paths.push(path);
    const extension = path.split(".").at(-1)!;
    try {
      const content = await Deno.readFile(new URL(path, ROOT));
      return new Response(content, { headers: { "content-type": MEDIA_TYPES[extension] ?? "text/plain" } });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      return new Response("not found", { status: 404 });
    }
  });
}

/** The npm packages of this cache; modules by URL are what the empty cache must fetch. */
async function copyPackages(cache: string): Promise<void> {
  const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(info.stdout));
  const copy = await new Deno.Command("cp", { args: ["-r", npmCache, `${cache}/npm`] }).output();
  assert.ok(copy.success, new TextDecoder().decode(copy.stderr));
}

Deno.test("mod.ts imported by URL into an empty cache scans, with every engine", async () => {
  const server = serveCheckout();
  using folder = new TempFolder();
  Deno.mkdirSync(folder.at("cache"));
  await copyPackages(folder.at("cache"));
  const program = folder.write(
    "elsewhere/program.ts",
    `import { Stoq } from "http://127.0.0.1:${server.addr.port}/mod.ts";
     await using stoq = new Stoq({ alwaysDispatch: ["hash", "mimetype", "yara"], dispatchers: ["yara"], stoqHome: "none" });
     const zip = Uint8Array.fromBase64("UEsDBAoAAAAAAAAAIQCFEUoNCwAAAAsAAAAFAAAAYS50eHRoZWxsbyB3b3JsZFBLAQIUAwoAAAAAAAAAIQCFEUoNCwAAAAsAAAAFAAAAAAAAAAAAAAC0gQAAAABhLnR4dFBLBQYAAAAAAQABADMAAAAuAAAAAAA=");
     const { results, errors } = await stoq.scan(zip);
     console.log(JSON.stringify([results.map((r) => [r.workers.hash.md5, r.workers.mimetype.mimetype, r.pluginsRun.workers]), errors]));`,
  );
  const run = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", program],
    cwd: folder.at("elsewhere"),
    env: { DENO_DIR: folder.at("cache"), NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  await server.shutdown();
  const stderr = new TextDecoder().decode(run.stderr);
  assert.ok(run.success, stderr);
  const [results, errors] = JSON.parse(new TextDecoder().decode(run.stdout));
  assert.deepEqual(errors, [], stderr);
  assert.deepEqual(results, [
    ["afa516d3fe22bf8f8329ab0f15139abb", "application/zip", ["decompress", "hash", "mimetype", "yara"]],
    ["5eb63bbbe01eeed093cb22bb8f5acdc3", "text/plain", ["hash", "mimetype", "yara"]],
  ]);
});

Deno.test("cli.ts run by URL from an empty cache tests its plugins with their cases", async () => {
  const server = serveCheckout();
  using folder = new TempFolder();
  Deno.mkdirSync(folder.at("cache"));
  await copyPackages(folder.at("cache"));
  const run = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      `http://127.0.0.1:${server.addr.port}/cli.ts`,
      "test",
      "--format",
      "json",
    ],
    cwd: folder.path,
    env: { DENO_DIR: folder.at("cache"), NO_COLOR: "1", STOQ_HOME: "/proc/nonexistent/stoq-home" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  await server.shutdown();
  assert.ok(run.success, new TextDecoder().decode(run.stderr) + new TextDecoder().decode(run.stdout));
  const { plugins } = JSON.parse(new TextDecoder().decode(run.stdout));
  const withCases = plugins.filter(({ cases }: { cases: unknown[] }) => cases.length > 0);
  assert.ok(withCases.length >= 7);
});

Deno.test("cli.ts run by URL downloads no plugin that runs in a runner but those that it uses", async () => {
  const paths: string[] = [];
  const server = serveCheckout(paths);
  using folder = new TempFolder({ "input.txt": "12345" });
  Deno.mkdirSync(folder.at("cache"));
  await copyPackages(folder.at("cache"));
  const cli = `http://127.0.0.1:${server.addr.port}/cli.ts`;
  const run = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", cli, "scan", "input.txt", "-a", "mimetype"],
    cwd: folder.path,
    env: { DENO_DIR: folder.at("cache"), NO_COLOR: "1", STOQ_HOME: folder.at("home") },
    stdout: "piped",
    stderr: "piped",
  }).output();
  await server.shutdown();
  assert.ok(run.success, new TextDecoder().decode(run.stderr));
  const { results } = JSON.parse(new TextDecoder().decode(run.stdout));
  assert.equal(results[0].workers.mimetype.mimetype, "text/plain");
  const modules = ["decompress", "mimetype", "yara"].map((plugin) => `plugins/${plugin}/mod.ts`);
  assert.deepEqual(modules.filter((path) => paths.includes(path)), ["plugins/mimetype/mod.ts"]);
});

Deno.test("cli.ts run by URL installs a plugin with a copy of the plugin API, and runs it", async () => {
  const server = serveCheckout();
  using folder = new TempFolder({
    "shout/manifest.json":
      '{"name":"shout","version":"1.0.0","description":"Test","roles":["worker"],"api":1}',
    "shout/mod.ts": `import { definePlugin } from "https://stoq.invalid/src/plugin/define.ts";
      export default definePlugin(() => ({ scan: ({ content }) => ({ results: { size: content.length } }) }));`,
    "input.txt": "12345",
  });
  Deno.mkdirSync(folder.at("cache"));
  await copyPackages(folder.at("cache"));
  const run = (...words: string[]) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", `http://127.0.0.1:${server.addr.port}/cli.ts`, ...words],
      cwd: folder.path,
      env: { DENO_DIR: folder.at("cache"), NO_COLOR: "1", STOQ_HOME: folder.at("home") },
      stdout: "piped",
      stderr: "piped",
    }).output();
  const install = await run("install", "./shout", "--yes");
  assert.ok(install.success, new TextDecoder().decode(install.stderr));
  const scan = await run("scan", "input.txt", "-a", "shout", "--frozen");
  await server.shutdown();
  assert.ok(scan.success, new TextDecoder().decode(scan.stderr));
  const { results, errors } = JSON.parse(new TextDecoder().decode(scan.stdout));
  assert.deepEqual([results[0].workers, errors], [{ shout: { size: 5 } }, []]);
});
