/**
 * Checks what a run made of its inputs: a complete result and a kept payload for each.
 *
 * @module
 */

import type { Figures } from "./figures.ts";
import type { FuzzInput } from "./inputs.ts";

/** Errors that no file may cause, however broken it is: they are defects of ours. */
const DEFECTS: ReadonlySet<string> = new Set([
  "plugin-failed",
  "plugin-crashed",
  "plugin-bad-response",
  "plugin-load-failed",
  "plugin-flood",
  "permission-denied",
  "internal-error",
]);

/** A run that has ended. */
export interface EndedRun {
  /** Holds `results`, and `archive`. */
  readonly folder: string;
  readonly batch: readonly FuzzInput[];
  /** Workers that scan every payload. */
  readonly workers: readonly string[];
}

interface Payload {
  readonly payload_id: string;
  readonly sha256: string;
  readonly payload_meta: {
    readonly should_archive: boolean;
    readonly extra_data: { readonly filename?: string };
  };
  readonly workers: Readonly<Record<string, unknown>>;
  readonly plugins_run: { readonly workers: readonly string[] };
  readonly archivers: { readonly filedir?: { readonly path: string } };
  readonly timings: Readonly<Record<string, number>>;
}

interface Response {
  readonly results: readonly [Payload, ...Payload[]];
  readonly errors: readonly {
    readonly code: string;
    readonly error: string;
    readonly plugin_name: string | null;
    readonly payload_id: string | null;
  }[];
}

/** Checks every input, counts outcomes, and adds failures to the figures. */
export async function checkResponses({ folder, batch, workers }: EndedRun, figures: Figures): Promise<void> {
  const responses = readResponses(`${folder}/results`);
  for (const input of batch) {
    const response = responses.get(String(input.number));
    const reason = response === undefined
      ? "there is no result"
      : await problemOf(response, { input, workers, folder });
    if (reason !== undefined) figures.failures.push({ ...input, input: input.number, reason });
    if (response !== undefined) count(response, input, figures);
  }
}

function readResponses(folder: string): ReadonlyMap<string, Response> {
  let names: string[];
  try {
    names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    names = [];
  }
  return new Map(names.map((name) => {
    const response: Response = JSON.parse(Deno.readTextFileSync(`${folder}/${name}`));
    return [String(response.results[0].payload_meta.extra_data.filename), response];
  }));
}

async function problemOf(
  { results, errors }: Response,
  { input, workers, folder }: { input: FuzzInput; workers: readonly string[]; folder: string },
): Promise<string | undefined> {
  const [root] = results;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", input.content)).toHex();
  if (root.sha256 !== digest) return `sha256 is ${root.sha256}, must be ${digest}`;
  const missing = workers.find((worker) => !isAnswered(root, worker, errors));
  if (missing !== undefined) return `worker "${missing}" has neither run nor an error`;
  const defect = errors.find(({ code }) => DEFECTS.has(code));
  if (defect !== undefined) return `${defect.code} of ${defect.plugin_name}: ${defect.error}`;
  return root.payload_meta.should_archive ? archiveProblem(root, folder, input.content) : undefined;
}

function isAnswered(
  { plugins_run, payload_id }: Payload,
  worker: string,
  errors: Response["errors"],
): boolean {
  return plugins_run.workers.includes(worker) ||
    errors.some(({ plugin_name, payload_id: at }) => plugin_name === worker && at === payload_id);
}

function archiveProblem({ archivers }: Payload, folder: string, content: Uint8Array): string | undefined {
  const path = archivers.filedir?.path;
  if (path === undefined) return "it was not archived";
  const kept = Deno.readFileSync(path.startsWith("/") ? path : `${folder}/archive/${path}`);
  const isEqual = kept.length === content.length && kept.every((byte, index) => byte === content[index]);
  return isEqual ? undefined : "what was archived is not the input";
}

function count({ results, errors }: Response, { number }: FuzzInput, figures: Figures): void {
  figures.count("payloads", results.length);
  for (const code of new Set(errors.map(({ code }) => code))) figures.count(code);
  if (errors.length === 0) figures.count("no errors");
  const timings = results.flatMap(({ timings }) => Object.values(timings));
  figures.noteTime(number, timings.reduce((sum, ms) => sum + ms, 0));
}
