/**
 * Processes as Linux shows them below /proc; elsewhere the tests that need them are ignored.
 *
 * @module
 */

/** Whether tests can look at processes. */
export const hasProcFolder = Deno.build.os === "linux";

/** Returns fields of `/proc/PID/stat` behind the name, which may hold anything; `undefined` for a process that is gone. */
function statOf(pid: number): string[] | undefined {
  const stat = readOf(pid, "stat");
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function readOf(pid: number, name: string): string | undefined {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${name}`);
  } catch (error) {
    // It ended before it was opened, or while it was read.
    if (error instanceof Deno.errors.NotFound || /os error 3/.test(String(error))) return undefined;
    throw error;
  }
}

/** Returns the command line of a process, empty for one that is gone. */
export function commandOf(pid: number): string {
  return readOf(pid, "cmdline")?.replaceAll("\0", " ") ?? "";
}

/** Returns the processes that another one has started and that still run. */
export function childrenOf(pid: number): number[] {
  return [...Deno.readDirSync("/proc")]
    .map(({ name }) => Number(name))
    .filter((child) => {
      const [state, parent] = Number.isInteger(child) ? statOf(child) ?? [] : [];
      return Number(parent) === pid && state !== "Z";
    });
}

/** Says whether a process still runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== "Z";
}

/** Returns the number of descriptors that this process has open, those of all tests in it. */
export function openDescriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

/** Waits until a condition holds. @throws {Error} when it does not after a minute */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain: ${what}`);
}

/** Returns the processes of a session that still run, by the id of the process that began it. */
export function inSession(session: number): number[] {
  return [...Deno.readDirSync("/proc")]
    .map(({ name }) => Number(name))
    .filter((pid) => {
      const fields = Number.isInteger(pid) ? statOf(pid) ?? [] : [];
      return Number(fields[3]) === session && fields[0] !== "Z";
    });
}
