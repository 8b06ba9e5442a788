/**
 * The channel from a plugin's thread to the runner's main thread, and so to the host.
 *
 * @module
 */

import { CONTENTS_GROUP_BYTES, CONTENTS_GROUP_LENGTH } from "../protocol.ts";
import type { FromThread } from "./thread_protocol.ts";

type Post = (message: unknown, transfer: Transferable[]) => void;

/** Sends messages, and contents in groups: copying all contents at once would double the memory that they take. */
export class HostChannel {
  readonly #post: Post;
  #waiting: PromiseWithResolvers<void> | undefined;

  constructor(post: Post) {
    this.#post = post;
  }

  post(message: FromThread): void {
    this.#post(message, []);
  }

  /** Sends the next group of contents: the main thread has passed the last one on. */
  resume(): void {
    this.#waiting?.resolve();
  }

  /** Sends copies: the plugin may keep what it returned, and parts of one buffer can't be transferred separately. */
  async postContents(id: number, contents: readonly Uint8Array[]): Promise<void> {
    let group: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    for (const content of contents) {
      group.push(new Uint8Array(content));
      bytes += content.length;
      if (bytes < CONTENTS_GROUP_BYTES && group.length < CONTENTS_GROUP_LENGTH) continue;
      await this.#postGroup(id, group);
      group = [];
      bytes = 0;
    }
    if (group.length > 0) await this.#postGroup(id, group);
  }

  async #postGroup(id: number, contents: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    this.#waiting = Promise.withResolvers();
    const message: FromThread = { type: "contents", id, contents };
    this.#post(message, contents.map(({ buffer }) => buffer));
    await this.#waiting.promise;
  }
}
