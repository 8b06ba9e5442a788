/**
 * Runs one case: its options, its temporary folder, the call, the comparison.
 *
 * @module
 */

import { givenSettings, resolvePluginOptions } from "../../config/plugin_options.ts";
import type { ScanEnvironment } from "../../core/scan/environment.ts";
import type { Plain, PlainRecord } from "../../core/contract/plain.ts";
import type { Files } from "../../core/ports/files.ts";
import { Folder } from "../../host/folder.ts";
import { FILE_ROLES } from "../../plugin/case.ts";
import type { PluginCase } from "../../plugin/case_reader.ts";
import type { CaseContent } from "../../plugin/case_schema.ts";
import type { RegisteredPlugin, Registry } from "../../plugin/registry.ts";
import { callAsCase } from "./case_call.ts";
import type { CaseSessions } from "./case_sessions.ts";
import { differencesOf } from "./difference.ts";
import type { CaseReport, Failure } from "./test_report.ts";
import { type CallResult, fillInRecord, observeFile, toJson } from "./observation.ts";

/** Folder of a plugin in which its cases' files are. */
const TESTDATA = "testdata";

/** Most unexpected errors of a case that are reported, and how much of each. */
const MAX_ERRORS = 5;
const MAX_ERROR_CHARACTERS = 500;

/** What cases of a plugin are run with. */
export interface CaseSetup {
  readonly registry: Registry;
  readonly files: Files;
  readonly plugin: RegisteredPlugin;
  /** The plugin's own folder; `undefined` for one of the catalogue. */
  readonly folder: Folder | undefined;
  /** Largest file of a case, in bytes. */
  readonly inputBytes: number;
  readonly sessions: CaseSessions;
}

/** A case's report, and the actual result if the case could be run. */
export interface CaseRun {
  readonly report: CaseReport;
  readonly actual: PlainRecord | undefined;
}

/** Runs a case; its report has what failed. */
export async function runCase(setup: CaseSetup, described: PluginCase): Promise<CaseRun> {
  const start = performance.now();
  const outcome = await perform(setup, described);
  const durationMs = performance.now() - start;
  if ("actual" in outcome) {
    return { report: compareCase(described, outcome.actual, durationMs), actual: outcome.actual };
  }
  const { name, role } = described;
  return {
    report: { name, role, failures: outcome.failures, differences: [], durationMs },
    actual: undefined,
  };
}

/** Compares the actual with the expected result; an error that is not expected is a failure. */
export function compareCase(
  { name, role, expect }: PluginCase,
  actual: PlainRecord,
  durationMs: number,
): CaseReport {
  if (!expect) {
    const message = "nothing is expected of it yet, record it with --update";
    return {
      name,
      role,
      failures: [{ code: "case-without-expectation", message }],
      differences: [],
      durationMs,
    };
  }
  const failures = expect.errors === undefined ? unexpectedErrors(actual) : [];
  return { name, role, failures, differences: differencesOf(inFull(expect), actual), durationMs };
}

function unexpectedErrors({ errors }: PlainRecord): Failure[] {
  const reported = (errors as readonly { code: string; error: string }[]).slice(0, MAX_ERRORS);
  return reported.map(({ code, error }) => ({
    code,
    message: `an error that is not expected, ${code}: ${error.slice(0, MAX_ERROR_CHARACTERS)}`,
  }));
}

/** Writes expected errors in full: a code alone stands for an error with that code. */
function inFull(expect: PlainRecord): PlainRecord {
  const { errors } = expect;
  if (!Array.isArray(errors)) return expect;
  return {
    ...expect,
    errors: errors.map((error: Plain) => typeof error === "string" ? { code: error } : error),
  };
}

type Outcome = { readonly actual: PlainRecord } | { readonly failures: readonly Failure[] };

async function perform(setup: CaseSetup, described: PluginCase): Promise<Outcome> {
  if (!needsFolder(setup, described)) return await performIn(setup, described, undefined);
  await using folder = await Folder.temporary();
  return await performIn(setup, described, folder);
}

function needsFolder({ plugin }: CaseSetup, { role, files, options }: PluginCase): boolean {
  const declared = Object.values(plugin.manifest.options ?? {});
  return FILE_ROLES.includes(role) || Object.keys(files).length > 0 ||
    Object.keys(options).length > 0 && declared.some(({ type }) => type === "path" || type === "path-list");
}

async function performIn(setup: CaseSetup, described: PluginCase, tmp: Folder | undefined): Promise<Outcome> {
  const failures: Failure[] = [];
  const content = described.input ? await contentOf(setup, described.input, failures) : new Uint8Array();
  for (const [path, file] of Object.entries(described.files)) {
    await tmp?.write(path, await contentOf(setup, file, failures));
  }
  const placeholders: Record<string, string> = {};
  if (tmp) placeholders["${tmp}"] = tmp.path;
  if (setup.folder) placeholders["${plugin}"] = setup.folder.path;
  const options = resolveOptions(setup, fillInRecord(described.options, placeholders), tmp, failures);
  if (failures.length > 0) return { failures };

  const { environment } = await setup.sessions.get(options);
  const plugin = setup.plugin.manifest.name;
  const task = fillInRecord(described.task, placeholders);
  const { observed, errors } = await callAsCase({ environment, plugin, content, task }, described);
  const files = tmp && FILE_ROLES.includes(described.role) ? await filesOf(environment, tmp) : undefined;
  return { actual: toJson({ ...observed, files, errors: errors.map(plainError) }, placeholders) };
}

function plainError({ code, error }: CallResult["errors"][number]): PlainRecord {
  return { code, error };
}

/** Resolves options like a user's; a relative path starts in the temporary folder, so that no case writes elsewhere. */
function resolveOptions(
  { registry, files, plugin }: CaseSetup,
  options: PlainRecord,
  tmp: Folder | undefined,
  failures: Failure[],
): Readonly<Record<string, unknown>> {
  const { name } = plugin.manifest;
  const base = { resolvePath: (path: string) => tmp ? files.resolve(tmp.path, path) : files.resolve(path) };
  const problems: string[] = [];
  const settings = givenSettings({ [name]: options }, base).map((setting) => ({
    ...setting,
    where: `options.${setting.option}`,
  }));
  const optionsOf = resolvePluginOptions(registry, undefined, settings, base, problems);
  failures.push(...problems.map((message) => ({ code: "bad-case", message })));
  return optionsOf(name);
}

async function contentOf(
  { folder, inputBytes }: CaseSetup,
  content: CaseContent,
  failures: Failure[],
): Promise<Uint8Array> {
  const { text, base64, file, base64_file: base64File } = content;
  if (text !== undefined) return new TextEncoder().encode(text);
  if (base64 !== undefined) return Uint8Array.fromBase64(base64);
  const name = file ?? base64File;
  const refuse = (reason: string) => {
    failures.push({ code: "bad-case", message: `can't read ${TESTDATA}/${name}: ${reason}` });
    return new Uint8Array();
  };
  if (!folder) return refuse("cases of shipped plugins have no files, their input must be text or base64");
  const reading = await folder.read(`${TESTDATA}/${name}`, inputBytes);
  if (reading === undefined) return refuse("it does not exist");
  if ("failure" in reading) return refuse(reading.failure);
  if (file !== undefined) return reading.bytes;
  try {
    return Uint8Array.fromBase64(new TextDecoder().decode(reading.bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse("it is not base64");
  }
}

async function filesOf(environment: ScanEnvironment, folder: Folder): Promise<PlainRecord[]> {
  const files = await folder.files();
  return await Promise.all(
    files.map(async ({ path, bytes }) => observeFile(path, bytes, await environment.sha256(bytes))),
  );
}
