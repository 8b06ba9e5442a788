/**
 * Errors of installing plugins and of checking installed ones, one constructor for each code, as in `errors.ts`.
 *
 * @module
 */

import { StoqError } from "../core/contract/errors.ts";
import { quote } from "../core/contract/printable.ts";

/** A file of an installed plugin has changed. */
export function pluginChanged(name: string, path: string, what: string): StoqError {
  return new StoqError(
    "plugin-changed",
    `Plugin ${quote(name)} was not loaded: ${quote(path)} ${what}; find out why, then install it again ` +
      `(stoq install --upgrade ${name}) or remove it (stoq uninstall ${name})`,
  );
}

/** An installed plugin needs packages, which a compiled program can't load. */
export function pluginNeedsDeno(name: string, packages: readonly string[]): StoqError {
  return new StoqError(
    "plugin-needs-deno",
    `Plugin ${quote(name)} can't be used: it imports ${
      packages.join(", ")
    }, and a compiled stoQ can't load ` +
      "packages from npm; run it with deno run -A cli.ts",
  );
}

/** The content of the lock is invalid, so no installed plugin can be trusted. */
export function lockDamaged(path: string, reason: string): StoqError {
  return new StoqError(
    "lock-damaged",
    `Lock ${quote(path)} can't be used: ${reason}; restore it, or remove it and install the plugins again`,
  );
}

/** The lock exists but can't be read. */
export function lockUnreadable(path: string, thrown: Error): StoqError {
  return new StoqError(
    "lock-unreadable",
    `Lock ${quote(path)} can't be read, so installed plugins can't be used: ${thrown.message}`,
    thrown,
  );
}

/** A file could not be fetched. */
export function downloadFailed(url: string, reason: string): StoqError {
  return new StoqError("plugin-download-failed", `Can't fetch ${quote(url)}: ${reason}`);
}

/** A plugin can't be installed as it is. */
export function pluginRefused(what: string, reason: string): StoqError {
  return new StoqError("plugin-refused", `Can't install ${what}: ${reason}`);
}

/** The digest of a fetched file is not that of the reference or of the package index. */
export function digestMismatch(what: string, actual: string, expected: string): StoqError {
  return new StoqError(
    "plugin-digest-mismatch",
    `Can't install ${quote(what)}: its digest must be ${expected}, got ${actual}`,
  );
}

/** A plugin of this name is installed, and `--upgrade` is not set. */
export function alreadyInstalled(name: string, version: string): StoqError {
  return new StoqError(
    "plugin-already-installed",
    `Plugin ${
      quote(name)
    } was not installed: version ${version} is already installed; use --upgrade to replace it`,
  );
}

/** There is no terminal to ask for confirmation. */
export function notConfirmed(command: string): StoqError {
  return new StoqError(
    "install-not-confirmed",
    `Nothing was installed: there is no terminal to confirm on; to install the plugin that is shown above, run: ${command}`,
  );
}

/** `--frozen` is set, and a plugin is not in the lock. */
export function notInLock(what: string, nextStep: string): StoqError {
  return new StoqError("plugin-not-locked", `${what} is not in stoq.lock, and frozen is set; ${nextStep}`);
}

/** No plugin of this name was installed by `stoq install`. */
export function notInstalled(name: string, installed: readonly string[]): StoqError {
  const known = installed.length === 0
    ? "stoq install has not installed any plugin"
    : `installed are ${installed.map((other) => quote(other)).join(", ")}`;
  return new StoqError("plugin-not-installed", `No plugin ${quote(name)} is installed; ${known}`);
}

/** Storing failed; an earlier installation is kept. */
export function storingFailed(folder: string, thrown: unknown): StoqError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new StoqError(
    "plugin-not-stored",
    `Can't store the plugin in ${quote(folder)}: ${reason}`,
    thrown,
  );
}
