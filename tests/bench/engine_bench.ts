/**
 * What the engine costs around a worker that does nothing: payloads a second in one process, on one core. The goal is 20,000.
 *
 * @module
 */

import { type RequestInput, Stoq } from "../../mod.ts";
import { TempFolder } from "../run_stoq.ts";

const SCANS = 20_000;
const PAYLOADS = 5_000;

const MANIFEST = { name: "noop", version: "1.0.0", description: "Does nothing", roles: ["worker"], api: 1 };

if (import.meta.main) {
  using folder = new TempFolder({
    "plugins/noop/manifest.json": JSON.stringify(MANIFEST),
    "plugins/noop/mod.ts": "export default () => ({ scan: () => ({ results: {} }) });",
  });
  await using stoq = new Stoq({
    isolation: "none",
    stoqHome: folder.path,
    pluginDirList: [folder.at("plugins")],
    alwaysDispatch: ["noop"],
  });
  const content = new Uint8Array(1000);
  for (let warm = 0; warm < 2000; warm++) await stoq.scan(content);

  let start = performance.now();
  for (let scan = 0; scan < SCANS; scan++) await stoq.scan(content);
  report("requests of one payload of 1 KB", SCANS, performance.now() - start);

  const request: RequestInput = {
    payloads: Array.from({ length: PAYLOADS }, (_, index) => ({ content: `payload ${index}` })),
  };
  start = performance.now();
  await stoq.scanRequest(request);
  report(`one request of ${PAYLOADS} payloads`, PAYLOADS, performance.now() - start);
}

function report(what: string, payloads: number, ms: number): void {
  console.log(what.padEnd(40), `${(payloads / ms * 1000).toFixed(0)} payloads a second`.padStart(30));
}
