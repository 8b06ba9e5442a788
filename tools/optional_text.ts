/**
 * Text of a file that may be absent.
 *
 * @module
 */

/** Reads a file; `undefined` if it does not exist. */
export async function readOptionalText(file: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
