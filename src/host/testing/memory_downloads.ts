/**
 * A network in memory, for tests of what fetches.
 *
 * @module
 */

import type { DownloadReply, Downloads } from "../../core/ports/storage.ts";

/** What an address answers: text, bytes, or the parts of a reply that matter. */
export type MemoryAnswer = string | Uint8Array | Partial<DownloadReply>;

/** Addresses and their answers; each may be asked once, for what is fetched twice may differ. */
export class MemoryDownloads implements Downloads {
  readonly asked: string[] = [];
  readonly #answers: Readonly<Record<string, MemoryAnswer>>;

  constructor(answers: Readonly<Record<string, MemoryAnswer>>) {
    this.#answers = answers;
  }

  get(url: string, limitBytes: number): Promise<DownloadReply> {
    if (this.asked.includes(url)) return Promise.reject(new Error("it was asked twice"));
    this.asked.push(url);
    const answer = this.#answers[url];
    if (answer === undefined) return Promise.reject(new Error("connection refused"));
    const isContent = typeof answer === "string" || answer instanceof Uint8Array;
    const { status = 200, location, mediaType = "", content } = isContent ? { content: answer } : answer;
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const isTooLarge = bytes !== undefined && bytes.length > limitBytes;
    return Promise.resolve({ status, location, mediaType, content: isTooLarge ? undefined : bytes });
  }
}
