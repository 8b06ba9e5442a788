/**
 * Decides where each plugin runs, and with which grant.
 *
 * @module
 */

import type { Role } from "../core/contract/contract.ts";
import type { Limits } from "../core/contract/limits.ts";
import { printable } from "../core/contract/printable.ts";
import type { Permission, SandboxRules, SandboxRulesOf } from "../plugin/permission.ts";
import type { RegisteredPlugin, Registry } from "../plugin/registry.ts";
import {
  askedGrant,
  type Grant,
  isNothing,
  isWithin,
  limitGrant,
  ruledRequest,
  sumOf,
  type Withheld,
  workerPermissions,
} from "./grant.ts";
import { type RunnerNeeds, shippedModule } from "./launch.ts";
import { encodePlain } from "./plain_codec.ts";
import type { OpenMessage } from "./protocol.ts";

/** How a plugin runs in a runner. */
export interface Placement {
  readonly plugin: string;
  /** Plugins with the same key share runners. */
  readonly pool: string;
  readonly poolSize: number;
  readonly needs: RunnerNeeds;
  /** Folders of stoQ's own modules, which every runner may read. */
  readonly ownFolders: readonly string[];
  /** Module to download where Deno's cache lacks its imports; `undefined` for an installed plugin, whose imports were cached when it was installed. */
  readonly module: string | undefined;
  /** Checks an installed plugin's files against the lock, before they are loaded. @throws {StoqError} for a file that has changed */
  readonly verify: (() => Promise<void>) | undefined;
  readonly open: OpenMessage;
}

/** Whether plugins run in runners, or all in this process. */
export type Isolation = "process" | "none";

/** Where a plugin runs: in a runner that it shares, in one of its own, or in this process. */
export type Place = "pool" | "own process" | "main process";

/** What decides where plugins run and what they are granted. */
export interface PlacementPolicy {
  readonly isolation: Isolation;
  /** Returns the user's rules for a plugin. */
  readonly rulesOf: SandboxRulesOf;
  readonly optionsOf: (name: string) => Readonly<Record<string, unknown>>;
  readonly resolvePath: (path: string) => string;
  readonly stoqHome: string;
  /** Returns whether this process itself has a permission. */
  readonly isGranted: (permission: Permission, resource: string) => boolean;
}

/** Where a plugin runs, and what it is granted there. In this process grants have no effect. */
export interface PlaceDecision {
  readonly place: Place;
  readonly grant: Grant;
  readonly withheld: readonly Withheld[];
}

/** What placements are made of. */
export interface PlacementSetup extends PlacementPolicy {
  readonly registry: Registry;
  /** Writes one line for the user. */
  readonly warn: (line: string) => void;
  readonly ownFolders: readonly string[];
  /** Host of stoQ's own modules; `undefined` where they come from a folder. */
  readonly ownHost: string | undefined;
  readonly limits: Limits;
  readonly outputPaths: readonly string[];
  /** Most runners in a pool. */
  readonly poolSize: number;
}

/** Roles whose plugins parse hostile bytes. */
const EXPOSED: readonly Role[] = ["worker", "dispatcher", "deep-dispatcher"];

/** Makes the placement of each plugin once. */
export class Placements {
  readonly #setup: PlacementSetup;
  readonly #known = new Map<string, Placement | undefined>();

  constructor(setup: PlacementSetup) {
    this.#setup = setup;
  }

  /** Returns the placement of a plugin; `undefined` where it runs in this process. */
  of(name: string): Placement | undefined {
    if (!this.#known.has(name)) {
      const registered = this.#setup.registry.get(name);
      this.#known.set(name, registered && this.#place(registered));
    }
    return this.#known.get(name);
  }

  #place(registered: RegisteredPlugin): Placement | undefined {
    const { manifest: { name, roles }, folder, module, verify } = registered;
    const { place, grant, withheld } = decidePlace(registered, this.#setup);
    if (place === "main process") return undefined;
    for (const each of withheld) this.#setup.warn(`Plugin "${name}" ${withheldText(each)}`);
    const { optionsOf, limits, stoqHome, outputPaths, poolSize, ownFolders, ownHost } = this.#setup;
    const codeFolders = folder === undefined ? [] : [folder];
    return {
      plugin: name,
      pool: place === "pool" ? "shared" : `plugin ${name}`,
      poolSize,
      needs: { grant, codeFolders },
      ownFolders,
      module: verify ? undefined : module ?? shippedModule(name),
      verify,
      open: {
        type: "open",
        plugin: name,
        roles,
        module: module ?? null,
        optionsJson: encodePlain(optionsOf(name)),
        stoqHome,
        outputPaths,
        pluginDir: folder ?? null,
        permissions: workerPermissions(sumOf(grant, { read: codeFolders }), ownHost),
        revoked: [
          ...codeFolders
            .filter((path) => !(grant.read ?? []).some((granted) => isWithin(granted, path)))
            .map((path) => ({ name: "read", path } as const)),
          ...(ownHost === undefined ? [] : [{ name: "import", host: ownHost } as const]),
        ],
        limitsJson: encodePlain(limits),
      },
    };
  }
}

/** Returns the values of placeholders in a plugin's permissions: its options, and `stoq_home`. */
export function placeholderValues(
  name: string,
  { optionsOf, stoqHome }: Pick<PlacementPolicy, "optionsOf" | "stoqHome">,
): Readonly<Record<string, unknown>> {
  return { ...optionsOf(name), stoqHome };
}

/** Decides where a plugin runs and what it is granted there. */
export function decidePlace(registered: RegisteredPlugin, policy: PlacementPolicy): PlaceDecision {
  const { manifest: { name, permissions = {} }, folder } = registered;
  const { rulesOf, resolvePath, isGranted } = policy;
  const rules = rulesOf(name);
  const values = placeholderValues(name, policy);
  const asked = askedGrant(ruledRequest(permissions, rules), values, resolvePath);
  const { grant, withheld } = limitGrant(asked, isGranted);
  if (!isApart(registered, rules, policy.isolation)) return { place: "main process", grant, withheld };
  return { place: folder === undefined && isNothing(grant) ? "pool" : "own process", grant, withheld };
}

/** Returns what is withheld from a plugin and why, as a phrase that follows its name. */
export function withheldText({ permission, resource, reason }: Withheld): string {
  return printable(`is not granted ${permission} access to ${JSON.stringify(resource)}: ${reason}`);
}

/** Without rules of the user, third-party plugins run in runners, and shipped plugins if they interpret payloads. */
function isApart(
  { folder, manifest }: RegisteredPlugin,
  rules: SandboxRules | undefined,
  isolation: Isolation,
): boolean {
  if (rules?.isolation) return rules.isolation.value === "process";
  // In this process a grant would have no effect.
  if (rules && Object.keys(rules.grants).length > 0) return true;
  return isolation === "process" &&
    (folder !== undefined ||
      (manifest.interprets_payloads ?? manifest.roles.some((role) => EXPOSED.includes(role))));
}
