/**
 * Tests an installation: all that is configured, or the plugins that are named.
 *
 * @module
 */

import type { ResolvedOptions } from "../../config/resolve.ts";
import { ConfigurationError } from "../../core/contract/errors.ts";
import { DEFAULT_LIMITS } from "../../core/contract/limits.ts";
import type { System } from "../../core/ports/system.ts";
import { mapConcurrently } from "../../core/scan/map_concurrently.ts";
import { openLog, Session } from "../../session.ts";
import type { Failure, TestReport } from "./test_report.ts";
import { checkPlugin } from "./plugin_check.ts";

/** The plugins and the installation to test. */
export interface TestSetup {
  readonly system: System;
  readonly options: ResolvedOptions;
  /** Names of plugins; absent: all, and the plugin folders as well. */
  readonly plugins: readonly string[] | undefined;
  /** Names of plugins whose expectations are rewritten. */
  readonly updating: ReadonlySet<string>;
  /** Whether what plugins log is shown: cases provoke warnings on purpose. */
  readonly isLogging: boolean;
}

/** Tests an installation. @throws {ConfigurationError} when the options have problems */
export async function testInstallation(setup: TestSetup): Promise<TestReport> {
  const start = performance.now();
  const { options, updating } = setup;
  const { registry } = options;
  const system = quietSystem(setup);
  const failures: Failure[] = [];
  await checkLog(system, options, failures);
  const configured = await Session.open(system, caseOptions(options));
  const names = setup.plugins ?? registry.names();
  const checkOne = (name: string) => checkPlugin({ system, options, configured, updating }, name);
  const plugins = await mapConcurrently(names, checkOne, system.processors);
  await configured.close();
  const broken = setup.plugins === undefined ? registry.broken : [];
  return {
    plugins,
    failures: [...failures, ...broken.map((message) => ({ code: "plugin-folder-broken", message }))],
    durationMs: performance.now() - start,
  };
}

/** Returns options without a log file, and with the limits that cases are recorded with: the user's would change their results. */
function caseOptions(options: ResolvedOptions): ResolvedOptions {
  const { pluginTimeoutMs, runnerMemoryBytes } = options.limits;
  return {
    ...options,
    values: { ...options.values, logDir: undefined },
    limits: { ...DEFAULT_LIMITS, pluginTimeoutMs, runnerMemoryBytes },
  };
}

/** Checks that the log can be written. The tests write nothing to it: cases provoke warnings on purpose. */
async function checkLog(system: System, { values }: ResolvedOptions, failures: Failure[]): Promise<void> {
  try {
    (await openLog(system, values)).close();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    failures.push({ code: error.code, message: error.message });
  }
}

/** Returns the system without the notes that each session writes when it is opened. */
function quietSystem({ system, options, isLogging }: TestSetup): System {
  const { notes } = options.registry;
  return {
    files: system.files,
    clock: system.clock,
    processors: system.processors,
    runnerPath: system.runnerPath,
    hasAllPermissions: system.hasAllPermissions,
    keepsOutput: () => system.keepsOutput(),
    env: (name) => system.env(name),
    newId: () => system.newId(),
    sha256: (content) => system.sha256(content),
    openLogFile: (setup) => system.openLogFile(setup),
    warn: (line) => {
      if (isLogging && !notes.includes(line)) system.warn(line);
    },
  };
}
