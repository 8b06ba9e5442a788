/**
 * Keeps one instance of libmagic and replaces it after a crash.
 *
 * @module
 */

import { MagicError } from "./error.ts";

/**
 * How much of the content libmagic is shown: as much as `file` looks at (its parameter `bytes`), so that the
 * answers agree.
 */
export const MAGIC_HEAD_BYTES = 7 * 1024 * 1024;

/** Detects media types. */
export interface MagicDetector {
  /**
   * The media type of the content's first {@linkcode MAGIC_HEAD_BYTES} bytes, e.g. `text/plain`;
   * `application/octet-stream` when nothing is known of it, `application/x-empty` when there is none.
   *
   * @throws {MagicError} when the engine fails; the next call gets a working engine.
   */
  detect(content: Uint8Array): Promise<string>;
}

/** How to make an instance and how to ask it. */
export interface MagicEngine<Instance> {
  load(): Promise<Instance>;
  ask(instance: Instance, head: Uint8Array): string;
}

/** A detector whose first instance is there already. */
export async function startDetector<Instance>(engine: MagicEngine<Instance>): Promise<MagicDetector> {
  let current: Instance | undefined = await engine.load();
  let restarting: Promise<void> | undefined;

  async function restart(): Promise<void> {
    try {
      current = await engine.load();
    } finally {
      restarting = undefined;
    }
  }

  return {
    async detect(content) {
      while (current === undefined) await (restarting ??= restart());
      try {
        return engine.ask(current, content.subarray(0, MAGIC_HEAD_BYTES));
      } catch (error) {
        if (error instanceof MagicError && error.code === "magic-crashed") current = undefined;
        throw error;
      }
    },
  };
}
