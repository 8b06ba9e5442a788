/**
 * The least that a run with `-a hash` has to do: reads the files of a folder, each in one call, and computes their three digests in
 * one pass. Nothing is checked, reported or written.
 *
 * @module
 */

import { digest } from "../../wasm/digest/mod.ts";

const folder = Deno.args[0]!;
for (const { name } of Deno.readDirSync(folder)) {
  digest(Deno.readFileSync(`${folder}/${name}`), ["md5", "sha1", "sha256"]);
}
