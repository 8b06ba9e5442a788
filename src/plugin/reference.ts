/**
 * References to remote plugins: an address with a checksum, or a package with its exact version.
 *
 * @module
 */

import { quote } from "../core/contract/printable.ts";

/** The parts of a reference. */
export type PluginReference =
  | { readonly kind: "url"; readonly url: string; readonly sha256: string | undefined }
  | { readonly kind: "npm" | "jsr"; readonly name: string; readonly version: string };

/** A reference, or its problem. */
export type ReferenceReading =
  | { readonly reference: PluginReference; readonly problem?: undefined }
  | { readonly reference?: undefined; readonly problem: string };

const PACKAGE = /^(npm|jsr):((?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*)@(.+)$/i;
const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether a word is a reference to a remote plugin, not a name or a path. */
export function isRemote(word: string): boolean {
  return /^(?:https?:\/\/|npm:|jsr:)/i.test(word);
}

/** Whether a word has the scheme of a URL, also of one that can't be used. */
export function hasScheme(word: string): boolean {
  return isRemote(word) || /^file:/i.test(word);
}

/** Whether the host of an address is this machine. */
function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}

/** Reads a word for which {@link isRemote} holds. */
export function readReference(word: string): ReferenceReading {
  const [, scheme, name, version] = PACKAGE.exec(word) ?? [];
  if (scheme !== undefined) return readPackage(scheme.toLowerCase() as "npm" | "jsr", name!, version!);
  const url = URL.parse(word);
  if (!url || !/^https?:$/.test(url.protocol)) {
    return refuse(word, "must be https://HOST/PATH/mod.ts, npm:NAME@VERSION or jsr:@SCOPE/NAME@VERSION");
  }
  return readUrl(word, url);
}

function readPackage(kind: "npm" | "jsr", name: string, version: string): ReferenceReading {
  const word = `${kind}:${name}@${version}`;
  if (!EXACT_VERSION.test(version)) {
    return refuse(word, `needs an exact version, such as ${kind}:${name}@1.2.3`);
  }
  if (kind === "jsr" && !name.startsWith("@")) return refuse(word, "must be jsr:@SCOPE/NAME@VERSION");
  return { reference: { kind, name, version } };
}

function readUrl(word: string, url: URL): ReferenceReading {
  const problem = addressProblem(url);
  if (problem) return refuse(word, problem);
  // The parser resolves "..", so the address would not be the one that was written.
  if (/(?:^|[/\\])(?:\.|%2e){2}(?:[/\\]|$)/i.test(word.replace(/[?#].*$/s, ""))) {
    return refuse(word, 'must have no ".." in its path');
  }
  if (!url.pathname.endsWith("/mod.ts")) return refuse(word, "must be the address of a mod.ts");
  const checksum = url.hash === ""
    ? undefined
    : /^#sha256-([0-9a-f]{64})$/i.exec(url.hash)?.[1]?.toLowerCase();
  if (url.hash !== "" && checksum === undefined) {
    return refuse(word, "must end with its path, or with #sha256- and 64 hexadecimal digits after it");
  }
  url.hash = "";
  return { reference: { kind: "url", url: url.href, sha256: checksum } };
}

/** Why code may not be fetched from an address; `undefined` if it may. */
export function addressProblem(url: URL): string | undefined {
  if (url.username !== "" || url.password !== "") return "must have no user name or password";
  if (url.protocol === "https:") return undefined;
  return url.protocol === "http:" && isLoopback(url) ? undefined : "must begin with https://";
}

/** Writes a reference; an address has its checksum. */
export function writeReference(reference: PluginReference): string {
  if (reference.kind !== "url") return `${reference.kind}:${reference.name}@${reference.version}`;
  return reference.sha256 === undefined ? reference.url : `${reference.url}#sha256-${reference.sha256}`;
}

function refuse(word: string, reason: string): ReferenceReading {
  return { problem: `plugin reference ${quote(word)} can't be used: it ${reason}` };
}
