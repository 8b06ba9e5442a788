/**
 * Which plugin runs where, and with what grant.
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

/** A plugin's place in a runner. */
export interface Placement {
  readonly plugin: string;
  /** Plugins with the same key share runners. */
  readonly pool: string;
  readonly poolSize: number;
  readonly needs: RunnerNeeds;
  /** Folders of our own modules, which every runner may load from. */
  readonly ownFolders: readonly string[];
  /** Module to fetch where Deno's cache lacks some of what it imports. None for an installed plugin: its imports were cached when it was pinned. */
  readonly module: string | undefined;
  /** Holds an installed plugin's files against the lock, before they are loaded. @throws {StoqError} for a change */
  readonly verify: (() => Promise<void>) | undefined;
  readonly open: OpenMessage;
}

/** Whether plugins run in runners, or all in this process. */
export type Isolation = "process" | "none";

/** Where a plugin runs: in a runner that it shares, in one of its own, or in this process. */
export type Place = "pool" | "own process" | "main process";

/** What decides where plugins run and what they may do. */
export interface PlacementPolicy {
  readonly isolation: Isolation;
  /** What the user says of a plugin. */
  readonly rulesOf: SandboxRulesOf;
  readonly optionsOf: (name: string) => Readonly<Record<string, unknown>>;
  readonly resolvePath: (path: string) => string;
  readonly stoqHome: string;
  /** Whether this process itself has a permission. */
  readonly isGranted: (permission: Permission, resource: string) => boolean;
}

/** Where a plugin runs, and what it is granted if that is not this process. */
export interface PlaceDecision {
  readonly place: Place;
  readonly grant: Grant;
  readonly withheld: readonly Withheld[];
}

/** What placements are made from. */
export interface PlacementSetup extends PlacementPolicy {
  readonly registry: Registry;
  /** Tells the user in one line. */
  readonly warn: (line: string) => void;
  readonly ownFolders: readonly string[];
  /** Host that our own modules come from, where they come from one. */
  readonly ownHost: string | undefined;
  readonly limits: Limits;
  readonly outputPaths: readonly string[];
  /** Runners of each kind. */
  readonly poolSize: number;
}

/** Roles whose plugins meet hostile bytes. */
const EXPOSED: readonly Role[] = ["worker", "dispatcher", "deep-dispatcher"];

/** Placements by name of plugin, each made once. */
export class Placements {
  readonly #setup: PlacementSetup;
  readonly #known = new Map<string, Placement | undefined>();

  constructor(setup: PlacementSetup) {
    this.#setup = setup;
  }

  /** A plugin's place; `undefined` where it runs in this process. @throws {StoqError} for a plugin that this stoQ can't speak to */
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

/** What stands for placeholders in what a plugin asks: its options, and `stoq_home`. */
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

/** What a plugin does not get and why, as a phrase that follows its name. */
export function withheldText({ permission, resource, reason }: Withheld): string {
  return printable(`is not granted ${permission} access to ${JSON.stringify(resource)}: ${reason}`);
}

/** Unless the user says otherwise, strangers' plugins run apart, and ours where hostile bytes mean something. */
function isApart(
  { folder, manifest }: RegisteredPlugin,
  rules: SandboxRules | undefined,
  isolation: Isolation,
): boolean {
  if (rules?.isolation) return rules.isolation.value === "process";
  // In this process a rule would have no force.
  if (rules && Object.keys(rules.grants).length > 0) return true;
  return isolation === "process" &&
    (folder !== undefined ||
      (manifest.interprets_payloads ?? manifest.roles.some((role) => EXPOSED.includes(role))));
}
