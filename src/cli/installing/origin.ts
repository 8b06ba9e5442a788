/**
 * Reads the operand of `stoq install`.
 *
 * @module
 */

import { pluginRefused } from "../../plugin/installing_errors.ts";
import { StoqError } from "../../core/contract/errors.ts";
import { quote } from "../../core/contract/printable.ts";
import type { System } from "../../core/ports/system.ts";
import { isRemote, readReference, writeReference } from "../../plugin/reference.ts";

/** Where a plugin comes from. */
export type Origin =
  /** `reference` is present unless the user named the address itself. */
  | {
    readonly kind: "url";
    readonly url: string;
    readonly sha256: string | undefined;
    readonly reference?: string;
  }
  | { readonly kind: "npm"; readonly name: string; readonly version: string }
  | { readonly kind: "folder"; readonly path: string };

const GITHUB = /^([A-Za-z0-9-]+\/[A-Za-z0-9._-]+)((?:\/[A-Za-z0-9._-]+)*)(?:@(.*))?$/;

/** Reads an operand that is a reference or the path of a folder. @throws {StoqError} for one that is neither */
export async function readOrigin(system: Pick<System, "files" | "env">, word: string): Promise<Origin> {
  const { files } = system;
  if (!isRemote(word)) {
    const path = files.resolve(word);
    if (await files.kindOf(path) === "directory") return { kind: "folder", path };
    throw pluginRefused(quote(word), "it must be a folder, or an https:, npm: or jsr: reference");
  }
  const { reference, problem } = readReference(word);
  if (!reference) throw new StoqError("invalid-reference", problem);
  if (reference.kind === "npm") return { kind: "npm", name: reference.name, version: reference.version };
  if (reference.kind === "url") return reference;
  // The variable with which Deno chooses another registry than the public one.
  const registry = system.env("JSR_URL") ?? "https://jsr.io/";
  const url = `${registry.replace(/\/?$/, "/")}${reference.name}/${reference.version}/mod.ts`;
  return { kind: "url", url, sha256: undefined, reference: writeReference(reference) };
}

/** Reads `OWNER/REPO[/FOLDER...]@COMMIT`. @throws {StoqError} unless the commit is exact: branches and tags can be moved */
export function readGithub(word: string): Origin {
  const [, repository, folder = "", commit] = GITHUB.exec(word) ?? [];
  if (repository === undefined || folder.split("/").some((name) => /^\.{1,2}$/.test(name))) {
    throw pluginRefused(quote(word), "--github takes OWNER/REPO@COMMIT or OWNER/REPO/FOLDER@COMMIT");
  }
  if (!/^[0-9a-f]{40}$/.test(commit ?? "")) {
    throw pluginRefused(
      quote(word),
      "a branch or tag can be moved; name the commit with its 40 digits, as git ls-remote shows it: " +
        `${repository}${folder}@0123456789abcdef0123456789abcdef01234567`,
    );
  }
  const url = `https://raw.githubusercontent.com/${repository}/${commit}${folder}/mod.ts`;
  return { kind: "url", url, sha256: undefined };
}
