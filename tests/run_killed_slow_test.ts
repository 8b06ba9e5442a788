import assert from "node:assert/strict";
import { DirmonRun, type DirmonRunOptions, fileName, files, namesIn, scannedIn } from "./dirmon_run.ts";
import { hasProcFolder, inSession, until } from "./processes.ts";
import { TempFolder } from "./run_stoq.ts";

const DELETE = "dirmon:after_scan=delete";

/** How often the main process is killed: `STOQ_KILLS=200 deno test -A tests/run_killed_slow_test.ts` for more than this. */
const KILLS = Number(Deno.env.get("STOQ_KILLS") ?? 6);
const FILES_PER_KILL = KILLS > 10 ? 300 : 100;

const KILLED: DirmonRunOptions = {
  // One that runs in the main process and one that runs apart.
  words: ["-a", "hash", "mimetype", "-C", "filedir"],
  pluginOpts: [DELETE],
};

Deno.test({
  name:
    "a run that is killed at any moment leaves no runner, no file without a complete result, and the rest to the next run",
  ignore: !hasProcFolder,
  async fn() {
    const figures: { moment: number; left: number; results: number; outlivedMs: number }[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      // From the very start to the last files; between two results it may be anywhere.
      const moment = Math.floor(Math.random() * FILES_PER_KILL);
      using folder = new TempFolder(files(FILES_PER_KILL));
      const outlivedMs = await killAt(folder, moment);
      const left = namesIn(folder, "in");
      const results = new Set(scannedIn(folder));
      for (let index = 0; index < FILES_PER_KILL; index++) {
        const name = fileName(index);
        assert.ok(
          left.includes(name) || results.has(name),
          `${name} is lost, killed after ${moment} results`,
        );
      }
      figures.push({ moment, left: left.length, results: results.size, outlivedMs });
      await using run = DirmonRun.start(folder, KILLED);
      await until("the next run has deleted all files", () => namesIn(folder, "in").length === 0);
      await run.stop();
      const scanned = new Set(scannedIn(folder).map(ownNameOf));
      assert.equal(scanned.size, FILES_PER_KILL, `killed after ${moment} results`);
    }
    if (Deno.env.has("STOQ_KILLS")) console.table(figures);
  },
});

/** A kill between the renaming and the removal of a kept file leaves it under another name, under which it is scanned again. */
function ownNameOf(name: string): string {
  return name.replace(/^stoq-[0-9a-f]{8}-[0-9a-f-]{36}-/, "");
}

/** Kills a run when it has made a number of results; gives the milliseconds for which its processes outlived it. */
async function killAt(folder: TempFolder, results: number): Promise<number> {
  // In a session of its own, by which all that it started can be found.
  await using run = DirmonRun.start(folder, { ...KILLED, script: 'exec setsid "$@"' });
  while (namesIn(folder, "results").length < results) await new Promise((resolve) => setTimeout(resolve, 1));
  if (results === 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
  const start = performance.now();
  await run.kill();
  await until("its runners end", () => inSession(run.pid).length === 0);
  return Math.round(performance.now() - start);
}
