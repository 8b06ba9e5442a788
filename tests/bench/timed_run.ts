/**
 * Times of whole commands.
 *
 * @module
 */

/** Runs a Deno program to its end, with a STOQ_HOME; returns the milliseconds that it took. */
export async function runMs(args: readonly string[], home: string): Promise<number> {
  const start = performance.now();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", ...args],
    env: { STOQ_HOME: home },
    stdin: "null",
  }).output();
  const time = performance.now() - start;
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return time;
}

/** Returns the value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
