/**
 * One entry while 7-Zip unpacks it.
 *
 * @module
 */

import { ContentBuffer } from "./content_buffer.ts";
import type { ExtractedFile, ProblemKind } from "./extraction.ts";
import { bytesUnlessUtf8, storedName, writtenPath } from "./names.ts";

/** What is known of the entry so far. */
export class Item {
  /** The path of the file that 7-Zip made; `undefined` when it made none. */
  readonly pathBytes: Uint8Array | undefined;
  /** The path as the log has it. */
  printed: string | undefined;
  /** The same in every run, whatever the listing says: the printed path and which of several it is. */
  key = "";
  /** The entry's number in the listing. */
  entryIndex: number | undefined;
  content = new ContentBuffer();
  sizeBytes = 0;
  /** The limit that the content met; from then on it is only counted. */
  limit: ProblemKind | undefined;
  error: { readonly kind: ProblemKind; readonly detail: string } | undefined;
  /** Whether 7-Zip took the file away again, to put a link there. */
  isRemoved = false;
  /** Where that link points. */
  linkTarget: string | undefined;

  constructor(pathBytes: Uint8Array | undefined) {
    this.pathBytes = pathBytes;
  }

  /** Whether there is a file whose name was not printed yet. */
  get isUnnamed(): boolean {
    return this.pathBytes !== undefined && this.printed === undefined;
  }

  /** Whether the file has this path. */
  isAt(path: Uint8Array): boolean {
    const own = this.pathBytes;
    return own !== undefined && own.length === path.length &&
      own.every((byte, index) => byte === path[index]);
  }

  /** Gives it the name from the log. */
  name(printed: string, occurrence: number, entryIndex: number | undefined): void {
    this.printed = printed;
    this.key = `${occurrence} ${printed}`;
    this.entryIndex = entryIndex;
  }

  /** The path as the archive has it; `undefined` in formats without names. */
  get path(): string | undefined {
    const { printed, pathBytes } = this;
    return storedName(pathBytes === undefined ? printed ?? "" : writtenPath(printed, pathBytes));
  }

  /** The file with its content. */
  toFile(password: string | undefined): ExtractedFile {
    return {
      path: this.path,
      pathBytes: this.pathBytes === undefined ? undefined : bytesUnlessUtf8(this.pathBytes),
      content: this.content.take(),
      entryIndex: this.entryIndex,
      damage: this.error?.kind,
      password,
    };
  }
}
