/**
 * What a plugin that is slow on a few payloads costs all the others: a request whose payloads breed, with and without looking ahead.
 *
 * @module
 */

import { Stoq } from "../../mod.ts";
import { TempFolder } from "../run_stoq.ts";

const MANIFEST = { version: "1.0.0", description: "For measuring", roles: ["worker"], api: 1 };
const SLOW_MS = 1000;

if (import.meta.main) {
  using folder = new TempFolder({
    "plugins/unpack/manifest.json": JSON.stringify({ ...MANIFEST, name: "unpack" }),
    // 20 payloads, of which each holds 20, of which each holds 5; one of each generation is slow.
    "plugins/unpack/mod.ts": `
      const breadth = [20, 20, 5];
      export default () => ({
        async scan({ content }) {
          const text = new TextDecoder().decode(content);
          const depth = text.split(" ").length - 1;
          await new Promise((resolve) => setTimeout(resolve, text.endsWith(" 7") ? ${SLOW_MS} : 5));
          return { extracted: Array.from({ length: breadth[depth] ?? 0 }, (_, i) => ({ content: text + " " + i })) };
        },
      });`,
  });
  const timesMs = new Map<number, number>();
  for (const lookAheadAfter of [Infinity, 0.05]) {
    using stoq = new Stoq({
      isolation: "none",
      stoqHome: folder.path,
      pluginDirList: [folder.at("plugins")],
      alwaysDispatch: ["unpack"],
      lookAheadAfter,
    });
    const start = performance.now();
    const { results } = await stoq.scan("root");
    const ms = performance.now() - start;
    timesMs.set(lookAheadAfter, ms);
    console.log(`look_ahead_after ${lookAheadAfter}: ${results.length} payloads in ${ms.toFixed(0)} ms`);
  }
  const gain = timesMs.get(Infinity)! / timesMs.get(0.05)!;
  console.log(
    `with plugins that take ${SLOW_MS} ms on some payloads, looking ahead is ${
      gain.toFixed(1)
    } times as fast`,
  );
}
