/**
 * Fetches a plugin that is an npm package, from the registry that npm's configuration names.
 *
 * @module
 */

import { digestMismatch, downloadFailed, pluginRefused } from "../../plugin/installing_errors.ts";
import { quote } from "../../core/contract/printable.ts";
import type { Downloads } from "../../core/ports/storage.ts";
import type { System } from "../../core/ports/system.ts";
import { MAX_FILE_BYTES, MAX_INDEX_BYTES } from "./limits.ts";
import { Sources } from "./sources.ts";
import { readTarball } from "./tarball.ts";

const PUBLIC_REGISTRY = "https://registry.npmjs.org/";

/** The part of the system that npm's configuration is read from. */
type NpmSystem = Pick<System, "files" | "env">;

/** Fetches and unpacks a package: path below its top folder → bytes. Registry and redirects are noted. @throws {StoqError} */
export async function fetchPackage(
  { system, downloads }: { readonly system: NpmSystem; readonly downloads: Downloads },
  name: string,
  version: string,
  notes: string[],
): Promise<Map<string, Uint8Array>> {
  const registry = await registryOf(system, name);
  const indexUrl = `${registry}${name.replace("/", "%2f")}`;
  const sources = new Sources(downloads, registry);
  const index = await sources.read(indexUrl, MAX_INDEX_BYTES);
  const { tarball, integrity } = distribution(index.bytes, indexUrl, name, version);
  const { bytes } = await sources.read(tarball, MAX_FILE_BYTES);
  // The user may not know which registry an .npmrc names.
  notes.push(`it comes from the registry ${quote(registry)}`, ...sources.notes);
  const actual = await sha512(bytes);
  if (actual !== integrity) {
    throw digestMismatch(`npm:${name}@${version}`, `sha512-${actual}`, `sha512-${integrity}`);
  }
  return await readTarball(bytes, `npm:${name}@${version}`);
}

function distribution(
  bytes: Uint8Array,
  url: string,
  name: string,
  version: string,
): { tarball: string; integrity: string } {
  let index;
  try {
    index = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw downloadFailed(url, "it is not the index of a package");
  }
  const versions = index?.versions;
  const isKnown = typeof versions === "object" && versions !== null && Object.hasOwn(versions, version);
  if (!isKnown) throw downloadFailed(url, `there is no version ${quote(version)} of it`);
  const { tarball, integrity } = versions[version]?.dist ?? {};
  const digest = typeof integrity === "string"
    ? integrity.split(/\s+/).find((part) => part.startsWith("sha512-"))?.slice("sha512-".length)
    : undefined;
  if (digest === undefined) {
    throw pluginRefused(`npm:${name}@${version}`, "its registry has no sha512 digest of it");
  }
  if (typeof tarball !== "string" || !URL.canParse(tarball)) {
    throw downloadFailed(
      url,
      `the address of version ${quote(version)} must be a URL, got ${quote(tarball)}`,
    );
  }
  return { tarball, integrity: digest };
}

async function sha512(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", bytes as Uint8Array<ArrayBuffer>)).toBase64();
}

/**
 * Returns the registry of a package, with a slash at the end: that of its scope in `.npmrc` of the working or the home folder, else
 * `NPM_CONFIG_REGISTRY`, else the default one of `.npmrc`, else the public one.
 */
async function registryOf(system: NpmSystem, name: string): Promise<string> {
  const scope = name.startsWith("@") ? name.split("/")[0] : undefined;
  const { files } = system;
  const env = (variable: string) => system.env(variable);
  const settings = new Map<string, string>();
  const home = env("HOME") ?? env("USERPROFILE");
  const paths = [home === undefined ? undefined : files.resolve(home, ".npmrc"), files.resolve(".npmrc")];
  for (const path of paths) {
    if (path === undefined || await files.kindOf(path) !== "file") continue;
    for (const line of (await files.readText(path)).split(/\r?\n/)) {
      const [, key, value] = /^\s*([^#;=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined) settings.set(key, value);
    }
  }
  const chosen = (scope && settings.get(`${scope}:registry`)) ?? env("NPM_CONFIG_REGISTRY") ??
    env("npm_config_registry") ?? settings.get("registry") ?? PUBLIC_REGISTRY;
  if (!URL.canParse(chosen)) {
    throw pluginRefused(`npm:${name}`, `the registry must be a URL, got ${quote(chosen)}`);
  }
  return chosen.replace(/\/*$/, "/");
}
