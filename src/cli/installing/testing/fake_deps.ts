/**
 * Dependencies of fetching in memory, for tests.
 *
 * @module
 */

import { DenoSystem } from "../../../host/deno_system.ts";
import { type MemoryAnswer, MemoryDownloads } from "../../../host/testing/memory_downloads.ts";
import { MemoryStorage } from "../../../host/testing/memory_storage.ts";
import type { FetchDeps } from "../fetched_plugin.ts";

/** What the dependencies contain. */
export interface FakeSetup {
  /** Address → answer. */
  readonly web?: Readonly<Record<string, MemoryAnswer>>;
  /** Absolute path → content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Dependencies whose parts tests can inspect. */
export interface FakeDeps extends FetchDeps {
  readonly downloads: MemoryDownloads;
  readonly storage: MemoryStorage;
}

/** Makes dependencies in memory; digests are real. */
export function fakeDeps({ web = {}, files = {}, env = {} }: FakeSetup): FakeDeps {
  const machine = new DenoSystem();
  const storage = new MemoryStorage(files);
  const system = {
    files: storage,
    env: (name: string) => env[name],
    sha256: (content: Uint8Array) => machine.sha256(content),
  };
  return { system, storage, downloads: new MemoryDownloads(web) };
}

/** A manifest of a worker named `shout`, with other fields. */
export function fakeManifest(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    name: "shout",
    version: "1.0.0",
    description: "Counts capital letters",
    roles: ["worker"],
    api: 1,
    ...fields,
  });
}
