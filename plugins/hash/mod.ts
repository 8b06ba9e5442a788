/**
 * Worker: digests of a payload, for looking it up elsewhere.
 *
 * Results: algorithm → lower-case hexadecimal digest, in the order `sha256`, `md5`, `sha1`, `sha512`, `blake3`, `crc32`. The
 * order in option `algorithms` does not matter. By default the first three, as upstream:
 * `{"sha256": "e3b0c442…", "md5": "d41d8cd9…", "sha1": "da39a3ee…"}`.
 *
 * Limits: none; an empty payload has digests too. `sha256` is the engine's own and costs nothing, `md5` and `sha1` are computed
 * together in one pass, `sha512`, `blake3` and `crc32` load another engine with the plugin. MD5, SHA-1 and CRC-32 identify a file,
 * but do not prove that it was not forged.
 *
 * Formats: RFC 1321 (MD5), FIPS 180-4 (SHA), the BLAKE3 paper, CRC-32/ISO-HDLC as in zip and gzip.
 *
 * @module
 */

import { definePlugin } from "../../src/plugin/define.ts";
import type { Algorithm } from "../../wasm/digest/mod.ts";

/** Options as the manifest declares them. */
export interface HashOptions {
  /** Names from the manifest's choices, in any order. */
  readonly algorithms: readonly string[];
}

/** Makes the worker and loads its engine. */
export default definePlugin<HashOptions>(async (options) => {
  const { ALGORITHMS, digest, loadAlgorithms } = await import("../../wasm/digest/mod.ts");
  const names = namesIn(ALGORITHMS, options.algorithms);
  const toCompute = names.filter((name) => name !== "sha256");
  await loadAlgorithms(toCompute);
  return {
    scan({ content, sha256 }) {
      const computed = toCompute.length > 0 ? digest(content, toCompute) : {};
      return { results: names.includes("sha256") ? { sha256, ...computed } : computed };
    },
  };
});

/** Returns the wanted algorithms, each once, in the order of `known`. */
function namesIn(known: readonly Algorithm[], wanted: readonly string[]): readonly Algorithm[] {
  const unknown = wanted.filter((name) => !(known as readonly string[]).includes(name));
  if (unknown.length > 0 || wanted.length === 0) {
    const found = unknown.map((name) => `"${name}"`).join(", ") || "none";
    throw new Error(
      `Cannot load plugin "hash": option "algorithms" must be some of ${known.join(", ")}, got ${found}`,
    );
  }
  return known.filter((name) => wanted.includes(name));
}
