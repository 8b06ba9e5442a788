/**
 * Console output as lines.
 *
 * @module
 */

const BUFFER_BYTES = 65536;

/** Cuts a stream of UTF-8 into lines; what is no UTF-8 becomes replacement characters. */
export class TextLines {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder();
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #bufferedBytes = 0;
  #rest = "";

  /** @param onLine takes each line, without its end; when, is up to {@linkcode flush} and the size of the buffer */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Takes the next bytes. */
  push(chunk: Uint8Array): void {
    if (this.#bufferedBytes + chunk.length > BUFFER_BYTES) this.flush();
    if (chunk.length > BUFFER_BYTES) return this.#decode(chunk);
    this.#buffer.set(chunk, this.#bufferedBytes);
    this.#bufferedBytes += chunk.length;
  }

  /** Hands on all lines that have ended. */
  flush(): void {
    const bytes = this.#buffer.subarray(0, this.#bufferedBytes);
    this.#bufferedBytes = 0;
    this.#decode(bytes);
  }

  /** Hands on all lines, and what stands after the last line end. */
  finish(): void {
    this.flush();
    if (this.#rest !== "") this.#onLine(this.#rest);
    this.#rest = "";
  }

  #decode(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    // A piece without a line end is put aside, so that a long line is not searched again and again.
    if (!text.includes("\n")) {
      this.#rest += text;
      return;
    }
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#onLine(line);
  }
}
