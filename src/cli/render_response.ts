/**
 * A response in the format that was asked for.
 *
 * @module
 */

import type { StoqResponse } from "../core/contract.ts";
import { serializeResponse } from "../core/serialize.ts";
import type { Terminal } from "../core/system.ts";

/** Writes a response as `json`, `jsonl` or `text`; ends with a line end. */
export async function renderResponse(
  response: StoqResponse,
  format: string,
  terminal: Terminal,
): Promise<string> {
  if (format !== "text") return `${serializeResponse(response, { compactly: format === "jsonl" })}\n`;
  const { renderReport } = await import("./report/mod.ts");
  return renderReport(response, { isColor: terminal.hasColor, columns: terminal.columns });
}
