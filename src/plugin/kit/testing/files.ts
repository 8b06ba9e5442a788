/**
 * Folders for tests, and hooks on the opening of files.
 *
 * @module
 */

import { systemStorage } from "../storage.ts";

/** Makes a new folder that is removed when it goes out of scope. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "stoq-test-" }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
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
