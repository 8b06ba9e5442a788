/**
 * Which plugin runs where, and with what grant.
 *
 * @module
 */

import type { Role } from "../core/contract.ts";
import { pluginApiMismatch } from "../core/errors.ts";
import type { Limits } from "../core/limits.ts";
import { API_VERSION } from "../plugin/manifest.ts";
import type { RegisteredPlugin, Registry } from "../plugin/registry.ts";
import { askedGrant, isNothing, isWithin, sumOf, workerPermissions } from "./grant.ts";
import type { RunnerNeeds } from "./launch.ts";
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
  /** A stranger's modules, for Deno's cache. Not an installed plugin's: what that imports was cached when it was pinned. */
  readonly modules: readonly string[];
  /** Holds an installed plugin's files against the lock, before they are loaded. @throws {StoqError} for a change */
  readonly verify: (() => Promise<void>) | undefined;
  readonly open: OpenMessage;
}

/** What placements are made from. */
export interface PlacementSetup {
  readonly registry: Registry;
  readonly optionsOf: (name: string) => Readonly<Record<string, unknown>>;
  readonly resolvePath: (path: string) => string;
  readonly ownFolders: readonly string[];
  readonly limits: Limits;
  readonly stoqHome: string;
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
      this.#known.set(name, registered && isApart(registered) ? this.#place(registered) : undefined);
    }
    return this.#known.get(name);
  }

  #place({ manifest, folder, module, verify }: RegisteredPlugin): Placement {
    const { name, api, roles, permissions = {} } = manifest;
    if (api !== API_VERSION) throw pluginApiMismatch(name, api, API_VERSION);
    const { optionsOf, resolvePath, limits, stoqHome, poolSize, ownFolders } = this.#setup;
    const grant = askedGrant(permissions, optionsOf(name), resolvePath);
    const codeFolders = folder === undefined ? [] : [folder];
    const isShared = folder === undefined && isNothing(grant);
    return {
      plugin: name,
      pool: isShared ? "shared" : `plugin ${name}`,
      poolSize,
      needs: { grant, codeFolders },
      ownFolders,
      modules: module === undefined || verify ? [] : [module],
      verify,
      open: {
        type: "open",
        plugin: name,
        roles,
        module: module ?? null,
        optionsJson: encodePlain(optionsOf(name)),
        stoqHome,
        pluginDir: folder ?? null,
        permissions: workerPermissions(sumOf(grant, { read: codeFolders })),
        revoked: codeFolders
          .filter((path) => !(grant.read ?? []).some((granted) => isWithin(granted, path)))
          .map((path) => ({ name: "read", path })),
        limitsJson: encodePlain(limits),
      },
    };
  }
}

/** Strangers' plugins always run apart, ours where hostile bytes are looked at. */
function isApart({ folder, manifest }: RegisteredPlugin): boolean {
  return folder !== undefined || manifest.roles.some((role) => EXPOSED.includes(role));
}
