/**
 * Opens the session of a command with all plugins loaded.
 *
 * @module
 */

import type { ResolvedOptions } from "../config/resolve.ts";
import type { System, Terminal } from "../core/ports/system.ts";
import { Session } from "../session.ts";
import { refuseToStart } from "./exit.ts";

/** What a session is opened with. */
export interface SessionSetup {
  readonly system: System;
  readonly options: ResolvedOptions;
  /** Plugins to load. */
  readonly names: readonly string[];
  /** Plugins to load as providers. */
  readonly providers?: readonly string[];
}

/** A session, unless there were problems before, and all problems. */
export interface LoadedSession {
  readonly session: Session | undefined;
  readonly problems: readonly string[];
}

/** Opens a session and loads its plugins, unless there are problems. A problem is added for each plugin that can't be loaded. */
export async function openLoaded(
  { system, options, names, providers }: SessionSetup,
  problems: readonly string[],
): Promise<LoadedSession> {
  if (problems.length > 0) return { session: undefined, problems };
  const session = await Session.open(system, options);
  return { session, problems: await session.loadAll(names, providers) };
}

/** Opens a session and loads its plugins. Returns `undefined` if there are problems, which are then reported. */
export async function openSession(
  setup: SessionSetup,
  terminal: Terminal,
  known: readonly string[],
): Promise<Session | undefined> {
  const { session, problems } = await openLoaded(setup, known);
  if (problems.length === 0) return session;
  await session?.close();
  await refuseToStart(terminal, problems);
  return undefined;
}
