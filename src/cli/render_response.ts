/**
 * A response in the format that was asked for.
 *
 * @module
 */

import type { StoqResponse } from "../core/contract/contract.ts";
import { serializeChunks } from "../core/contract/serialize.ts";
import type { Terminal } from "../core/ports/system.ts";

const LINE_END = new TextEncoder().encode("\n");

/** Writes a response as `json`, `jsonl` or `text`, in chunks of UTF-8 the last of which ends with a line end. */
export async function renderResponse(
  response: StoqResponse,
  format: string,
  terminal: Pick<Terminal, "hasColor" | "columns">,
): Promise<Iterable<Uint8Array>> {
  if (format !== "text") return endLine(serializeChunks(response, { compactly: format === "jsonl" }));
  const { renderReport } = await import("./report/mod.ts");
  const report = renderReport(response, { isColor: terminal.hasColor, columns: terminal.columns });
  return [new TextEncoder().encode(report)];
}

/** The line end comes with the last chunk: a response that fits in one is written at once. */
function* endLine(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let last: Uint8Array | undefined;
  for (const chunk of chunks) {
    if (last) yield last;
    last = chunk;
  }
  const line = new Uint8Array((last?.length ?? 0) + LINE_END.length);
  line.set(last ?? []);
  line.set(LINE_END, line.length - LINE_END.length);
  yield line;
}
