/**
 * Deno's cache, from which alone runners load.
 *
 * @module
 */

/**
 * Fetches modules and all that they import.
 *
 * @param words flags and addresses; `--no-config` is always among them, as runners are started, so that what is cached is what they look for
 * @throws {Error} whose message says why they can't be had
 */
export async function cacheModules(words: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--quiet", "--no-config", ...words],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
}
