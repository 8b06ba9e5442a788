/**
 * Reads the files of a local folder that is to be installed.
 *
 * @module
 */

import type { Files } from "../../core/ports/files.ts";
import { pluginRefused } from "../../plugin/installing_errors.ts";
import { quote } from "../../core/contract/printable.ts";
import { MAX_DEPTH, MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES } from "./limits.ts";

/** Folders that are not part of a plugin. */
const LEFT_OUT = ["node_modules"];

/**
 * Reads all regular files below a folder, by path with `/`. Names that begin with a dot and installed packages are skipped.
 *
 * @throws {StoqError} for a link, for anything else that is neither file nor folder, and when a limit is exceeded
 */
export async function readFolder(
  files: Files,
  folder: string,
  notes: string[],
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  let totalBytes = 0;
  const walk = async (below: string, depth: number): Promise<void> => {
    if (depth > MAX_DEPTH) {
      throw pluginRefused(quote(folder), `its folders are nested more than ${MAX_DEPTH} deep`);
    }
    for (const { name, kind } of await files.list(files.resolve(folder, below))) {
      const path = below === "" ? name : `${below}/${name}`;
      if (name.startsWith(".") || LEFT_OUT.includes(name)) {
        notes.push(`${quote(path)} is skipped`);
      } else if (kind === "directory") await walk(path, depth + 1);
      else if (kind !== "file") {
        throw pluginRefused(quote(folder), `${quote(path)} is not a regular file`);
      } else {
        const { content } = await files.readBytes(files.resolve(folder, path), MAX_FILE_BYTES);
        if (!content) {
          throw pluginRefused(quote(folder), `${quote(path)} has more than ${MAX_FILE_BYTES} bytes`);
        }
        found.set(path, content);
        totalBytes += content.length;
        if (found.size > MAX_FILES) throw pluginRefused(quote(folder), `it has more than ${MAX_FILES} files`);
        if (totalBytes > MAX_TOTAL_BYTES) {
          throw pluginRefused(quote(folder), `its files have more than ${MAX_TOTAL_BYTES} bytes in total`);
        }
      }
    }
  };
  await walk("", 0);
  return found;
}
