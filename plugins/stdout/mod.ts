/**
 * Connector: prints each response to stdout as stoQ's JSON, indented by four, with a line end.
 *
 * Responses that are saved at once are printed one after the other. A reader that has closed the pipe (`stoq
 * … | head`) is no failure: what is left is not printed. Any other failure to write is an error of the
 * connector.
 *
 * Limits: it prints in the process that it runs in; in a runner, where stdout is drained into the log, its
 * output is not seen.
 *
 * @module
 */

import { definePlugin, type Plugin, serializeResponse } from "../../src/plugin/define.ts";

/** Where to print: the part of `Deno.stdout` that is used. */
export interface Output {
  /** Writes some of the bytes. Resolves to how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/** The plugin. */
export default definePlugin(() => createConnector(Deno.stdout));

/** The connector over an output. */
export function createConnector(output: Output): Plugin {
  let lastTurn: Promise<void> = Promise.resolve();
  return {
    save(response) {
      const bytes = new TextEncoder().encode(`${serializeResponse(response)}\n`);
      // A turn that failed has told its own caller; the next one comes all the same.
      const turn = lastTurn.catch(() => {}).then(() => print(output, bytes));
      lastTurn = turn;
      return turn;
    },
  };
}

async function print(output: Output, bytes: Uint8Array): Promise<void> {
  try {
    await writeAll(output, bytes);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** A pipe takes as much as it has room for. */
async function writeAll(output: Output, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const count = await output.write(bytes.subarray(written));
    if (count === 0) {
      throw new Error(
        `print ${bytes.length} bytes to stdout: it takes no more after ${written} and should take all`,
      );
    }
    written += count;
  }
}
