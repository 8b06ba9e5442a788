/**
 * Worker: the media type of a payload by its content, from libmagic (the engine of `file`).
 *
 * Results: `{"mimetype": "text/plain"}`. Every payload has one: `application/octet-stream` if libmagic does not recognise the
 * content, `application/x-empty` if there is none.
 *
 * Limits: libmagic sees the first 7 MiB, as in `file`. Upstream gives it 1,000 bytes, which calls OOXML documents
 * `application/zip` and does not recognise OLE documents. A media type says what the content looks like, not that it is
 * well-formed.
 *
 * Formats: magic(5), https://www.darwinsys.com/file/; media types: https://www.iana.org/assignments/media-types/
 *
 * @module
 */

import { definePlugin, type Plugin } from "../../src/plugin/define.ts";
import { createMagic, type MagicDetector, MagicError } from "../../wasm/magic/mod.ts";

/** Makes the worker and starts libmagic. */
export default definePlugin(async () => createWorker(await createMagic()));

/** Returns the worker over a detector. A failure of the engine is an error with its code. */
export function createWorker(detector: MagicDetector): Plugin {
  return {
    async scan(payload) {
      try {
        const mimetype = await detector.detect(payload.content);
        return { results: { mimetype }, mediaType: mimetype };
      } catch (error) {
        if (!(error instanceof MagicError)) throw error;
        return { errors: [{ message: error.message, code: error.code }] };
      }
    },
  };
}
