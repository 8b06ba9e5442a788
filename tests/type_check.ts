/**
 * Holds what a page says to the types of the code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { TempFolder } from "./run_stoq.ts";

/** Checks the types of modules, which import by whole addresses. @throws {assert.AssertionError} with what is wrong */
export async function checkTypes(...modules: readonly string[]): Promise<void> {
  using folder = new TempFolder();
  const paths = modules.map((text, index) => folder.write(`module_${index}.ts`, text));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--no-config", ...paths],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}
