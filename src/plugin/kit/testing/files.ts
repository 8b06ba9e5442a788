/**
 * Folders for tests, and hooks on the opening of files.
 *
 * @module
 */

import { systemStorage } from "../system_storage.ts";

/** Makes a new folder that is removed when it goes out of scope; by default where the system has temporary files. */
export async function temporaryFolder(parent?: string): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "stoq-test-", dir: parent }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Returns the names of a folder's entries, sorted; none when there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Acts before each opening of a file to read it, at once or on a thread, until it goes out of scope. */
export function beforeOpening(act: (path: string) => void | Promise<void>): Disposable {
  const { open } = systemStorage;
  systemStorage.open = async (path, isAtOnce) => {
    await act(path);
    return await open(path, isAtOnce);
  };
  return { [Symbol.dispose]: () => void Object.assign(systemStorage, { open }) };
}
