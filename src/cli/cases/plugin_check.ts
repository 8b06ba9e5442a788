/**
 * Tests one plugin: loads it as it is configured, calls its `check`, and runs its cases.
 *
 * @module
 */

import type { ResolvedOptions } from "../../config/resolve.ts";
import { pluginFailed, StoqError } from "../../core/contract/errors.ts";
import { readCheck } from "../../core/scan/answer_reader.ts";
import { DEFAULT_LIMITS } from "../../core/contract/limits.ts";
import type { PlainRecord } from "../../core/contract/plain.ts";
import { NEVER } from "../../core/ports/plugin_host.ts";
import type { System } from "../../core/ports/system.ts";
import { Folder } from "../../host/folder.ts";
import type { RegisteredPlugin } from "../../plugin/registry.ts";
import type { Session } from "../../session.ts";
import { compareCase, runCase } from "./case_run.ts";
import { CASE_FILE, findCases } from "./case_source.ts";
import { type CaseReport, type Failure, hasCasePassed, type PluginReport } from "./test_report.ts";
import { CaseSessions } from "./case_sessions.ts";
import { refreshExpectation, renderCases } from "./refresh.ts";

/** Largest answer to a check, in bytes. */
const MAX_CHECK_BYTES = 1_000_000;

/** What plugins are tested with. */
export interface CheckSetup {
  readonly system: System;
  readonly options: ResolvedOptions;
  /** Plugins as they are configured. */
  readonly configured: Session;
  /** Plugins whose expectations are rewritten. */
  readonly updating: ReadonlySet<string>;
}

/** Tests a plugin that is registered. */
export async function checkPlugin(setup: CheckSetup, name: string): Promise<PluginReport> {
  const start = performance.now();
  const plugin = setup.options.registry.get(name)!;
  const { version, roles, requires = [] } = plugin.manifest;
  const failures: Failure[] = [...missingRequirements(setup.options, requires)];
  const facts = await loadAndCheck(setup.configured, name, failures);
  const ran = facts ? await runCases(setup, plugin, failures) : { cases: [], isUpdated: false };
  const durationMs = performance.now() - start;
  return { name, version, roles, folder: plugin.folder, facts: facts ?? [], failures, ...ran, durationMs };
}

function missingRequirements({ registry }: ResolvedOptions, requires: readonly string[]): Failure[] {
  return requires.filter((name) => !registry.get(name)).map((name) => ({
    code: "required-plugin-unavailable",
    message: `requires the worker "${name}", which is not installed`,
  }));
}

/** Loads a plugin and calls its `check` within the deadline of a call; `undefined` when it can't be loaded. Problems are added to the failures. */
async function loadAndCheck(
  { environment: { host } }: Session,
  name: string,
  failures: Failure[],
): Promise<readonly string[] | undefined> {
  const { value, thrown } = await host.call(name, { role: "check" }, NEVER);
  if (thrown) {
    const isOfHost = thrown.reason instanceof StoqError;
    const { code, message } = isOfHost ? thrown.reason : pluginFailed("check", thrown.reason);
    failures.push({ code, message });
    return isOfHost ? undefined : [];
  }
  try {
    const { facts, failures: reported, problems } = readCheck(value, MAX_CHECK_BYTES);
    failures.push(...reported);
    failures.push(
      ...problems.map((message) => ({ code: "plugin-bad-response", message: `its check: ${message}` })),
    );
    return facts;
  } catch (reason) {
    // Without isolation the answer is the plugin's own object: reading it may run a getter.
    const { code, message } = pluginFailed("check", reason);
    failures.push({ code, message });
    return [];
  }
}

async function runCases(
  setup: CheckSetup,
  plugin: RegisteredPlugin,
  failures: Failure[],
): Promise<Pick<PluginReport, "cases" | "isUpdated">> {
  const { options: { registry }, system: { files } } = setup;
  const { name } = plugin.manifest;
  const folder = plugin.folder === undefined ? undefined : await Folder.open(plugin.folder);
  const found = await findCases(plugin, folder);
  failures.push(...found.failures);
  await using sessions = new CaseSessions(setup.system, setup.configured, name);
  const inputBytes = DEFAULT_LIMITS.payloadBytes;
  const expectations = new Map<string, PlainRecord>();
  const cases: CaseReport[] = [];
  for (const described of found.cases) {
    const run = await runCase({ registry, files, plugin, folder, inputBytes, sessions }, described);
    if (hasCasePassed(run.report) || !run.actual || !setup.updating.has(name)) cases.push(run.report);
    else {
      const expect = refreshExpectation(described.role, described.expect, run.actual);
      expectations.set(described.name, expect);
      // A comparison that its author chose stays, and may still not hold.
      cases.push(compareCase({ ...described, expect }, run.actual, run.report.durationMs));
    }
  }
  const isUpdated = expectations.size > 0 && folder !== undefined && found.text !== undefined;
  if (isUpdated) {
    await folder.write(CASE_FILE, new TextEncoder().encode(renderCases(found.text, expectations)));
  }
  return { cases, isUpdated };
}
