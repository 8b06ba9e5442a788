/**
 * Peak memory of a scan of 100 MB with `-a hash`, against the size of the file. Needs Linux, whose kernel keeps the peak.
 *
 * @module
 */

import { TempFolder } from "../run_stoq.ts";

const FILE_BYTES = 100_000_000;
const CLI = new URL("../../cli.ts", import.meta.url).href;

if (import.meta.main) {
  using folder = new TempFolder();
  const file = folder.at("large.bin");
  const random = crypto.getRandomValues(new Uint8Array(65536));
  using target = Deno.createSync(file);
  for (let written = 0; written < FILE_BYTES; written += random.length) {
    target.writeSync(random.subarray(0, Math.min(random.length, FILE_BYTES - written)));
  }
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", CLI, "scan", file, "-a", "hash"],
    env: { STOQ_HOME: folder.path },
    stdin: "null",
    stdout: "null",
  }).spawn();
  const peakBytes = await watchPeak(child);
  const ratio = (peakBytes / FILE_BYTES).toFixed(2);
  console.log(`scan of 100 MB, -a hash: peak ${(peakBytes / 1e6).toFixed(0)} MB, ${ratio} times the file`);
}

/** The kernel's high-water mark, read until the process is gone. */
async function watchPeak(child: Deno.ChildProcess): Promise<number> {
  let isRunning = true;
  const ending = child.status.finally(() => isRunning = false);
  let peak = 0;
  while (isRunning) {
    const status = await Deno.readTextFile(`/proc/${child.pid}/status`).catch(() => "");
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { success } = await ending;
  if (!success) throw new Error("The scan failed");
  return peak;
}
