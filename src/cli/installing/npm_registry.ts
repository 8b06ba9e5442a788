/**
 * A plugin that is published as a package of npm: its archive, from the registry that npm's configuration names.
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

/** Where npm's configuration stands. */
type NpmSystem = Pick<System, "files" | "env">;

/** Fetches a package and unpacks it: path below its one folder → bytes. The way to it is noted. @throws {StoqError} */
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
  // A registry that stands in some .npmrc may be a surprise.
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
    throw downloadFailed(url, "it is no index of a package");
  }
  const versions = index?.versions;
  const isKnown = typeof versions === "object" && versions !== null && Object.hasOwn(versions, version);
  if (!isKnown) throw downloadFailed(url, `there is no version ${quote(version)} of it`);
  const { tarball, integrity } = versions[version]?.dist ?? {};
  const digest = typeof integrity === "string"
    ? integrity.split(/\s+/).find((part) => part.startsWith("sha512-"))?.slice("sha512-".length)
    : undefined;
  if (digest === undefined) {
    throw pluginRefused(`npm:${name}@${version}`, "its registry tells no sha512 of it");
  }
  if (typeof tarball !== "string" || !URL.canParse(tarball)) {
    throw downloadFailed(url, `the address of version ${quote(version)} is ${quote(tarball)}`);
  }
  return { tarball, integrity: digest };
}

async function sha512(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", bytes as Uint8Array<ArrayBuffer>)).toBase64();
}

/** The registry by `NPM_CONFIG_REGISTRY`, else by `.npmrc` here or at home, a scope's own first; with its last slash. */
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
    throw pluginRefused(`npm:${name}`, `the registry ${quote(chosen)} is no address`);
  }
  return chosen.replace(/\/*$/, "/");
}
