/**
 * Fetches through Deno, with limits of time and size.
 *
 * @module
 */

import type { DownloadReply, Downloads } from "../core/ports/storage.ts";
import { readToEnd } from "./bounded_reader.ts";

/** Longest time for one request, body included. */
const TIMEOUT_MS = 60_000;

/** The network. */
export class DenoDownloads implements Downloads {
  async get(url: string, limitBytes: number): Promise<DownloadReply> {
    const response = await fetch(url, {
      redirect: "manual",
      credentials: "omit",
      // Some hosts serve an HTML page unless the request asks for something else.
      headers: { accept: "*/*" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const mediaType = (response.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
    const location = response.headers.get("location") ?? undefined;
    const reader = response.body?.getReader({ mode: "byob" });
    try {
      const content = reader
        ? await readToEnd({ read: (target) => readSome(reader, target) }, limitBytes)
        : new Uint8Array();
      return { status: response.status, location, mediaType, content };
    } finally {
      await reader?.cancel();
    }
  }
}

/** The reader transfers the buffer that it is given, so it gets a buffer of its own. */
async function readSome(reader: ReadableStreamBYOBReader, target: Uint8Array): Promise<number | null> {
  const { value, done } = await reader.read(new Uint8Array(target.length));
  if (done || !value) return null;
  target.set(value);
  return value.length;
}
