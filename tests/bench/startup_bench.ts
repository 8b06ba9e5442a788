/**
 * How long commands take from start to end, against a Deno program that does nothing: ratios measured in one run.
 *
 * The commands take turns, and medians are compared: what else the machine does falls on all of them.
 *
 * @module
 */

import { TempFolder } from "../run_stoq.ts";
import { median, runMs } from "./timed_run.ts";

const TURNS = 21;
const CLI = new URL("../../cli.ts", import.meta.url).href;

const RULES = `rule greeting { meta: description = "Says hello" strings: $a = "hello" nocase condition: $a }
rule portable_executable { condition: uint16(0) == 0x5a4d }
rule wide_or_hex { strings: $a = "secret" wide $b = { 50 4b 03 04 } condition: any of them }
`;

/** The engine without stoQ. */
const ENGINE_ALONE = `import { Compiler, initSync } from "npm:@virustotal/yara-x@1.20.0";
const url = new URL("yara_x_js_bg.wasm", import.meta.resolve("npm:@virustotal/yara-x@1.20.0"));
initSync({ module: new WebAssembly.Module(Deno.readFileSync(url)) });
const compiler = new Compiler();
compiler.addSource(Deno.readTextFileSync(new URL("rules.yar", import.meta.url)));
compiler.build().scanner().scan(Deno.readFileSync(new URL("hello.txt", import.meta.url)));
`;

if (import.meta.main) {
  using folder = new TempFolder({
    "empty.ts": "",
    "engine.ts": ENGINE_ALONE,
    "hello.txt": "hello world\n",
    "rules.yar": RULES,
  });
  const hello = folder.at("hello.txt");
  const withRules = ["--plugin-opts", `yara:worker_rules=${folder.at("rules.yar")}`];
  const ways: [name: string, args: string[]][] = [
    ["an empty program", [folder.at("empty.ts")]],
    ["--help", [CLI, "--help"]],
    ["list", [CLI, "list"]],
    ["scan, -a hash", [CLI, "scan", hello, "-a", "hash"]],
    ["scan, -a hash yara, three rules", [CLI, "scan", hello, "-a", "hash", "yara", ...withRules]],
    ["yara-x alone, three rules, one scan", [folder.at("engine.ts")]],
    ["scan, no configuration at all", [CLI, "scan", hello]],
  ];
  const times = ways.map((): number[] => []);
  for (let turn = 0; turn <= TURNS; turn++) {
    for (const [index, [, args]] of ways.entries()) {
      const time = await runMs(args, folder.path);
      // The first turn fills caches.
      if (turn > 0) times[index]!.push(time);
    }
  }
  const empty = median(times[0]!);
  for (const [index, [name]] of ways.entries()) {
    const time = median(times[index]!);
    console.log(
      name.padEnd(36),
      `${time.toFixed(0)} ms`.padStart(8),
      `${(time / empty).toFixed(2)} times`.padStart(12),
    );
  }
}
