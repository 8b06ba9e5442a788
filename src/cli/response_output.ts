/**
 * Responses in the format that `--format` names, on standard output.
 *
 * @module
 */

import type { StoqResponse } from "../core/contract/contract.ts";
import { outputNotWritten, responseNotPrinted, StoqError } from "../core/contract/errors.ts";
import { serializeChunks } from "../core/contract/serialize.ts";
import type { Terminal } from "../core/ports/system.ts";
import type { Registry } from "../plugin/registry.ts";
import type { SummaryKeys } from "./report/plugin_results.ts";
import { filenameOf } from "./response_errors.ts";

const LINE_END = new TextEncoder().encode("\n");

/**
 * Returns a response as `json`, `jsonl` or `text`, in chunks of UTF-8; the last one ends with a line end.
 *
 * @param summaryKeys the keys of a plugin's results that a text shows first
 */
export async function renderResponse(
  response: StoqResponse,
  format: string,
  terminal: Pick<Terminal, "hasColor" | "columns">,
  summaryKeys?: SummaryKeys,
): Promise<Iterable<Uint8Array>> {
  if (format !== "text") return endLine(serializeChunks(response, { compactly: format === "jsonl" }));
  const { renderReport } = await import("./report/mod.ts");
  const { hasColor: isColor, columns } = terminal;
  const report = renderReport(response, { isColor, columns, summaryKeys });
  return [new TextEncoder().encode(report)];
}

/** Returns the keys that manifests name as the summary of a plugin's results. */
export function summaryKeysOf(registry: Registry): SummaryKeys {
  return (plugin) => registry.get(plugin)?.manifest.summary ?? [];
}

/** Adds a line end to the last chunk: a response that fits in one chunk is written in one piece. */
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

/** Prints responses one after the other. When standard output fails, all later responses fail at once. */
export class ResponseOutput {
  readonly #terminal: Pick<Terminal, "writeResults" | "hasColor" | "columns">;
  readonly #format: string;
  readonly #summaryKeys: SummaryKeys;
  readonly #onFailure: () => void;
  #turn: Promise<unknown> = Promise.resolve();
  #failure: StoqError | undefined;

  /** @param onFailure called once, when standard output fails */
  constructor(
    terminal: Pick<Terminal, "writeResults" | "hasColor" | "columns">,
    format: string,
    summaryKeys: SummaryKeys,
    onFailure: () => void,
  ) {
    this.#terminal = terminal;
    this.#format = format;
    this.#summaryKeys = summaryKeys;
    this.#onFailure = onFailure;
  }

  /** Why nothing more can be printed; `undefined` while printing works. */
  get failure(): StoqError | undefined {
    return this.#failure;
  }

  /**
   * Prints a response after the previous ones.
   *
   * @throws {StoqError} `output-not-written` for this response and all that follow; `response-not-printed` for a response that can't
   * be rendered, which does not affect the others
   */
  async print(response: StoqResponse): Promise<void> {
    const printed = this.#turn.then(() => this.#write(response));
    this.#turn = printed.catch(() => {});
    await printed;
  }

  async #write(response: StoqResponse): Promise<void> {
    if (this.#failure) throw this.#failure;
    let isBegun = false;
    const rendered = this.#render(response, () => isBegun = true);
    try {
      await this.#terminal.writeResults(await rendered);
    } catch (reason) {
      if (isNotWritten(reason)) throw this.#fail(reason);
      if (isBegun) await this.#endLine();
      throw responseNotPrinted(filenameOf(response), reason);
    }
  }

  async #render(response: StoqResponse, onChunk: () => void): Promise<Iterable<Uint8Array>> {
    const chunks = await renderResponse(response, this.#format, this.#terminal, this.#summaryKeys);
    return (function* () {
      for (const chunk of chunks) {
        yield chunk;
        onChunk();
      }
    })();
  }

  /** Ends the line of a response that was printed in part, so that the next one starts on a line of its own. */
  async #endLine(): Promise<void> {
    try {
      await this.#terminal.writeResults([LINE_END]);
    } catch (reason) {
      throw this.#fail(isNotWritten(reason) ? reason : outputNotWritten(reason));
    }
  }

  #fail(failure: StoqError): StoqError {
    this.#failure = failure;
    this.#onFailure();
    return failure;
  }
}

function isNotWritten(reason: unknown): reason is StoqError {
  return reason instanceof StoqError && reason.code === "output-not-written";
}
