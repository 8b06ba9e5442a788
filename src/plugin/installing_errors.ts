/**
 * Failures of installing plugins and of checking what is installed: one small constructor per code, as in `errors.ts`.
 *
 * @module
 */

import { StoqError } from "../core/contract/errors.ts";
import { quote } from "../core/contract/printable.ts";

/** A file of an installed plugin is not what was installed. */
export function pluginChanged(name: string, path: string, what: string): StoqError {
  return new StoqError(
    "plugin-changed",
    `Plugin ${quote(name)} was not loaded: ${
      quote(path)
    } ${what}; see what happened to it, then install it again ` +
      `(stoq install --upgrade ${name}) or remove it (stoq uninstall ${name})`,
  );
}

/** An installed plugin needs packages, which a compiled program can't load. */
export function pluginNeedsDeno(name: string, packages: readonly string[]): StoqError {
  return new StoqError(
    "plugin-needs-deno",
    `Plugin ${quote(name)} can't be used: it imports ${
      packages.join(", ")
    }, and a compiled stoq can't load ` +
      "packages from npm; run it with deno run -A cli.ts",
  );
}

/** The lock can't be read, so nothing that is installed can be trusted. */
export function lockDamaged(path: string, reason: string): StoqError {
  return new StoqError(
    "lock-damaged",
    `Lock ${quote(path)} can't be used: ${reason}; restore it, or remove it and install the plugins again`,
  );
}

/** The lock is there, but may not be read. */
export function lockUnreadable(path: string, thrown: Error): StoqError {
  return new StoqError(
    "lock-unreadable",
    `Lock ${quote(path)} can't be read, so installed plugins can't be used: ${thrown.message}`,
    thrown,
  );
}

/** An address did not give what was asked. */
export function downloadFailed(url: string, reason: string): StoqError {
  return new StoqError("plugin-download-failed", `failed to fetch ${quote(url)}: ${reason}`);
}

/** A plugin as it is offered can't be installed. */
export function pluginRefused(what: string, reason: string): StoqError {
  return new StoqError("plugin-refused", `${what} can't be installed: ${reason}`);
}

/** What was fetched is not what the reference or the package index says. */
export function digestMismatch(what: string, actual: string, expected: string): StoqError {
  return new StoqError(
    "plugin-digest-mismatch",
    `${quote(what)} was refused: its digest must be ${expected}, got ${actual}`,
  );
}

/** A plugin of the name is installed, and nobody said that it may be replaced. */
export function alreadyInstalled(name: string, version: string): StoqError {
  return new StoqError(
    "plugin-already-installed",
    `Plugin ${quote(name)} was not installed: version ${version} is installed already; --upgrade replaces it`,
  );
}

/** Nobody could be asked. */
export function notConfirmed(command: string): StoqError {
  return new StoqError(
    "install-not-confirmed",
    `Nothing was installed: there is no terminal to ask on; if what is shown above is what you want, run: ${command}`,
  );
}

/** `--frozen` holds and this would change the lock, or is not in it. */
export function notInLock(what: string, nextStep: string): StoqError {
  return new StoqError("plugin-not-locked", `${what} is not in stoq.lock, and frozen is set; ${nextStep}`);
}

/** No plugin of this name was installed by `stoq install`. */
export function notInstalled(name: string, installed: readonly string[]): StoqError {
  const known = installed.length === 0
    ? "stoq install has installed none"
    : `installed are ${installed.map((other) => quote(other)).join(", ")}`;
  return new StoqError("plugin-not-installed", `No plugin ${quote(name)} was installed; ${known}`);
}

/** Storing failed; what was there before is there still. */
export function storingFailed(folder: string, thrown: unknown): StoqError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new StoqError(
    "plugin-not-stored",
    `failed to store the plugin in ${quote(folder)}: ${reason}`,
    thrown,
  );
}
