/**
 * Entry point of a runner that Deno starts from modules; a compiled binary calls `startRunner` instead.
 *
 * @module
 */

import { startRunner } from "./start.ts";

await startRunner(Deno.args);
