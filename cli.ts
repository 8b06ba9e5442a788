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
  // A compiled stoQ that was started as a runner. Its arguments are not a command line.
  await (await import("./src/sandbox/guest/start.ts")).startRunner(start);
}
