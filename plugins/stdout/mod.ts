/**
 * Connector: prints each response to stdout as stoQ's JSON, indented by four, with a line end.
 *
 * Responses that are saved at the same time are printed one after the other. A response that was not printed whole is not saved:
 * the error `output-not-written` says why and how much was printed. After a reader has closed the pipe (`stoq … | head`) every
 * later response fails at once. After any other failure the next response begins on a line of its own.
 *
 * Limits: it prints in its own process; in a runner, whose stdout goes to the log, the output is not shown.
 *
 * @module
 */

import { definePlugin, type Plugin, type ResponseWriter } from "../../src/plugin/define.ts";
import { type Output, Printer } from "../../src/plugin/kit/mod.ts";

const LINE_END = Uint8Array.of(0x0a);

/** Makes the connector. */
export default definePlugin(() => createConnector(Deno.stdout));

/** Returns the connector over an output. */
export function createConnector(output: Output): Plugin {
  const printer = new Printer(output);
  return { save: (_response, writer) => printer.print(lineOf(writer)) };
}

function* lineOf(writer: ResponseWriter): Generator<Uint8Array> {
  yield* writer.chunks();
  yield LINE_END;
}
