import assert from "node:assert/strict";
import { until } from "./processes.ts";
import { startStoq, TempFolder } from "./run_stoq.ts";

/** Names of the files whose results are in `results`, sorted. */
function scannedIn(folder: TempFolder): string[] {
  if (!folder.has("results")) return [];
  return [...Deno.readDirSync(folder.at("results"))].map(({ name }) =>
    JSON.parse(Deno.readTextFileSync(folder.at(`results/${name}`)))
      .results[0].payload_meta.extra_data.filename
  ).sort();
}

/** A run that watches `in` and saves results to `results`; ended when it goes out of scope. */
function watching(folder: TempFolder, options: readonly string[] = []) {
  const pluginOpts = ["dirmon:source_dir=in", "dirmon:settle_time=0.05", "dirmon:existing=true", ...options];
  const words = ["run", "-P", "dirmon", "-C", "filedir", "-a", "hash", "--plugin-opts", ...pluginOpts];
  const child = startStoq(words, { cwd: folder.path });
  const stderr = new Response(child.stderr).text();
  const stdout = child.stdout.cancel();
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) child.kill("SIGINT");
    isStopped = true;
    await stdout;
    return { code: (await child.status).code, stderr: await stderr };
  };
  return { stop, [Symbol.asyncDispose]: async () => void await stop() };
}

/** Makes a file whose name has a byte that is not UTF-8, which Deno itself can't. */
async function putUnnameable(folder: string): Promise<void> {
  const { success } = await new Deno.Command("sh", {
    args: ["-c", `printf bad > "$1/$(printf '\\377bad')"`, "sh", folder],
  }).output();
  assert.ok(success);
}

Deno.test({
  name:
    "a name that is not UTF-8 does not end dirmon: its file is delivered, and those beside it and after it",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using folder = new TempFolder({ "in/first": "first" });
    await using run = watching(folder);
    await until("the first file is scanned", () => scannedIn(folder).length === 1);
    await putUnnameable(folder.at("in"));
    folder.write("in/beside", "beside");
    await until("it and the file beside it are scanned", () => scannedIn(folder).length === 3);
    folder.write("in/later", "later");
    await until("the file after it is scanned", () => scannedIn(folder).length === 4);
    const { stderr } = await run.stop();
    assert.deepEqual(scannedIn(folder), ["beside", "first", "later", "\ufffdbad"]);
    assert.doesNotMatch(stderr, /Uncaught|TypeError/);
    assert.match(stderr, /stoq: 4 done/);
  },
});
