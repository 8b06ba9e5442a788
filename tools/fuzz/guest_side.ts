/**
 * The guest side of the protocol: a real runner, given what a host might say.
 *
 * @module
 */

import { DenoSystem } from "../../src/host/deno_system.ts";
import { FrameError, FrameReader, SECRET_BYTES } from "../../src/sandbox/frames.ts";
import { Launcher } from "../../src/sandbox/launch.ts";
import { FRAME_LIMITS, GREETING } from "../../src/sandbox/protocol.ts";
import { readRunnerMessage } from "../../src/sandbox/message_shape.ts";

const MEMORY_BYTES = 1_000_000_000;
/** How long a runner may take to end after its standard input is closed. */
const PATIENCE_MS = 60_000;

/** Makes the commands of runners. */
export function guestLauncher(): Launcher {
  return new Launcher(new DenoSystem(), MEMORY_BYTES);
}

/**
 * Writes `content` to a runner and closes its standard input: the runner must end, and what it wrote must be frames,
 * the last of which may be cut.
 *
 * @throws {Error} when it does not end; what reading its frames throws, but for a {@linkcode FrameError}
 */
export async function runGuest(launcher: Launcher, content: Uint8Array<ArrayBuffer>): Promise<string> {
  const { path, args, env, cwd } = launcher.command({ grant: {}, codeFolders: [] });
  const options: Deno.CommandOptions = { args: [...args], env, cwd, clearEnv: true };
  const child = new Deno.Command(path, { ...options, stdin: "piped", stdout: "piped", stderr: "null" })
    .spawn();
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  let isHanging = false;
  const timer = setTimeout(() => {
    isHanging = true;
    child.kill("SIGKILL");
  }, PATIENCE_MS);
  const writing = new Blob([GREETING, secret, content]).stream().pipeTo(child.stdin).catch((error) => {
    // It may end before it has heard everything.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  });
  const [{ code, stdout }] = await Promise.all([child.output(), writing]);
  clearTimeout(timer);
  if (isHanging) {
    throw new Error(`The runner did not end within ${PATIENCE_MS / 1000} s after its host was gone`);
  }
  const last = await lastMessage(stdout, secret);
  return `exit ${code} after ${last}`;
}

async function lastMessage(output: Uint8Array, secret: Uint8Array): Promise<string> {
  let at = 0;
  const read = (target: Uint8Array) => {
    const part = output.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return Promise.resolve(part.length === 0 ? null : part.length);
  };
  const reader = new FrameReader(read, secret, FRAME_LIMITS, () => {});
  let last = "nothing";
  try {
    for (let frame = await reader.next(); frame; frame = await reader.next()) {
      last = readRunnerMessage(frame.message).type;
    }
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    return "a frame that is cut";
  }
  return last;
}
