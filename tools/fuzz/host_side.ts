/**
 * The host side of the protocol, given what a runner might say.
 *
 * @module
 */

import { StoqError } from "../../src/core/contract/errors.ts";
import type { AnyCall } from "../../src/core/ports/plugin_host.ts";
import { FrameError, FrameReader } from "../../src/sandbox/frames.ts";
import { MAX_OUTWARD_JSON_BYTES, type OpenMessage } from "../../src/sandbox/protocol.ts";
import { Runner } from "../../src/sandbox/runner.ts";
import { RunnerExit } from "../../src/sandbox/runner_exit.ts";
import { readRunnerMessage } from "../../src/sandbox/message_shape.ts";
import { PLACEHOLDER } from "./fake_guest.ts";

const FAKE_GUEST = new URL("./fake_guest.ts", import.meta.url).href;
const LIMITS = { jsonBytes: MAX_OUTWARD_JSON_BYTES, bodyBytes: 1_000_000 };
const RESULT_BYTES = 1_000_000;
/** How long a call may take whose runner answers, or ends, at once. */
const PATIENCE_MS = 30_000;

/** Reads frames and messages of bytes. @throws every error that is no {@linkcode FrameError} */
export async function readMutant(content: Uint8Array): Promise<string> {
  let at = 0;
  const read = (target: Uint8Array) => {
    const part = content.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return Promise.resolve(part.length === 0 ? null : part.length);
  };
  const reader = new FrameReader(read, PLACEHOLDER, LIMITS, () => {});
  try {
    for (let frame = await reader.next(); frame; frame = await reader.next()) {
      readRunnerMessage(frame.message);
    }
    return "read";
  } catch (error) {
    if (error instanceof FrameError) return "refused";
    throw error;
  }
}

/** What a runner's host does with it. */
export interface HostSide {
  readonly plugin: string;
  readonly open: OpenMessage;
  readonly call: AnyCall;
}

/** What the fake guest writes, before and after it is called. */
export interface GuestWords {
  readonly opening: Uint8Array<ArrayBuffer>;
  readonly answering: Uint8Array<ArrayBuffer>;
}

/** Opens and calls a plugin of a fake guest. @throws every error that is neither a death of the runner nor a failure with a code */
export async function runHost(
  { opening, answering }: GuestWords,
  { plugin, open, call }: HostSide,
): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "stoq-fuzz-" });
  await Deno.writeFile(`${folder}/opening`, opening);
  await Deno.writeFile(`${folder}/answering`, answering);
  const files = [`${folder}/opening`, `${folder}/answering`];
  const args = [
    "run",
    "--quiet",
    "--no-config",
    "--no-lock",
    "--cached-only",
    `--allow-read=${folder}`,
    FAKE_GUEST,
    ...files,
  ];
  const command = {
    path: Deno.execPath(),
    args,
    env: environment(),
    cwd: "/",
    hasAudit: false,
    memoryBytes: null,
    isMemoryReadable: false,
  };
  const runner = new Runner(command, { line() {}, dropped() {} }, RESULT_BYTES);
  const patience = Promise.withResolvers<never>();
  const hang = new Error(
    `The host neither had an answer nor ended the runner within ${PATIENCE_MS / 1000} s`,
  );
  const timer = setTimeout(() => patience.reject(hang), PATIENCE_MS);
  try {
    await Promise.race([runner.open(open), patience.promise]);
    const { failure } = await Promise.race([runner.call(plugin, call), patience.promise]);
    return failure === undefined ? "answered" : failure.code;
  } catch (error) {
    if (error instanceof RunnerExit) return error.cause.kind;
    if (error instanceof StoqError) return error.code;
    throw error;
  } finally {
    clearTimeout(timer);
    runner.kill({ kind: "gone" });
    await runner.ended();
    await Deno.remove(folder, { recursive: true });
  }
}

function environment(): Record<string, string> {
  const names = ["DENO_DIR", "HOME", "XDG_CACHE_HOME"];
  return Object.fromEntries(
    names.flatMap((name) => Deno.env.get(name) === undefined ? [] : [[name, Deno.env.get(name)!]]),
  );
}
