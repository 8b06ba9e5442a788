/**
 * Processes as Linux shows them below /proc; elsewhere the tests that need them are skipped.
 *
 * @module
 */

/** Whether tests may look at processes; says so in one line where they may not. */
export const hasProcFolder = Deno.build.os === "linux";
if (!hasProcFolder) console.warn("skipped: tests that look at processes need Linux's /proc");

/** Fields of `/proc/PID/stat` behind the name, which may hold anything; nothing for a process that is gone. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch (error) {
    // It ended before it was opened, or while it was read.
    if (error instanceof Deno.errors.NotFound || /os error 3/.test(String(error))) return undefined;
    throw error;
  }
}

/** Processes that another one has started and that still run. */
export function childrenOf(pid: number): number[] {
  return [...Deno.readDirSync("/proc")]
    .map(({ name }) => Number(name))
    .filter((child) => {
      const [state, parent] = Number.isInteger(child) ? statOf(child) ?? [] : [];
      return Number(parent) === pid && state !== "Z";
    });
}

/** Whether a process still runs; one that nobody has waited for does not. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== "Z";
}

/** Descriptors that this process has open. */
export function openDescriptors(): number {
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

/** Waits until something is so. @throws {Error} when it is not after a minute */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain: ${what}`);
}

/** Processes of a session that still run, by the id of the process that began it. */
export function inSession(session: number): number[] {
  return [...Deno.readDirSync("/proc")]
    .map(({ name }) => Number(name))
    .filter((pid) => {
      const fields = Number.isInteger(pid) ? statOf(pid) ?? [] : [];
      return Number(fields[3]) === session && fields[0] !== "Z";
    });
}
