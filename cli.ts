/**
 * The entry point of the process: the command line, or a runner.
 *
 * @module
 */

import { RUNNER_WORD } from "./src/sandbox/runner_word.ts";
import { main } from "./src/cli/main.ts";

if (import.meta.main) {
  const [word, ...start] = Deno.args;
  if (word !== RUNNER_WORD) Deno.exit(await main(Deno.args));
  // The process of a compiled stoQ in which plugins run. What it is given is no command line.
  await (await import("./src/sandbox/guest/start.ts")).startRunner(start);
}
