/**
 * A runner's entry, where it is a module of its own; a compiled binary calls `startRunner` itself.
 *
 * @module
 */

import { startRunner } from "./start.ts";

await startRunner(Deno.args);
