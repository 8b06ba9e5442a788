/**
 * How long scans take from start to end, against the same scans of another checkout: ratios measured in one run.
 * `STOQ_BASELINE=FOLDER deno task bench baseline`
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { TempFolder } from "../run_stoq.ts";
import { median, runMs } from "./timed_run.ts";

const TURNS = 21;
const CLI = new URL("../../cli.ts", import.meta.url).href;

/** Words behind `scan FILE`. */
const SCANS = ["-a hash", "-a hash mimetype yara -R yara", ""];

if (import.meta.main) {
  const baseline = Deno.env.get("STOQ_BASELINE");
  if (baseline === undefined) console.log("skipped: STOQ_BASELINE does not name another checkout");
  else await compare(`${pathToFileURL(baseline).href}/cli.ts`);
}

/** Runs each scan of both checkouts in turn, so that what else the machine does falls on both. */
async function compare(baseline: string): Promise<void> {
  using folder = new TempFolder({ "hello.txt": "hello world\n" });
  for (const words of SCANS) {
    const args = ["scan", folder.at("hello.txt"), ...words.split(" ").filter(Boolean)];
    const times: Record<string, number[]> = { [CLI]: [], [baseline]: [] };
    for (let turn = 0; turn <= TURNS; turn++) {
      for (const cli of [CLI, baseline]) {
        const time = await runMs([cli, ...args], folder.path);
        // The first turn fills caches.
        if (turn > 0) times[cli]!.push(time);
      }
    }
    const [own, other] = [median(times[CLI]!), median(times[baseline]!)];
    console.log(
      `scan FILE ${words}`.padEnd(42),
      `${own.toFixed(0)} ms`.padStart(8),
      `baseline ${other.toFixed(0)} ms`.padStart(18),
      `${(own / other).toFixed(2)} times`.padStart(12),
    );
  }
}
