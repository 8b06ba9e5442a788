/**
 * Folders for tests, and hooks on the opening of files.
 *
 * @module
 */

/** Makes a new folder that is removed when it goes out of scope. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "stoq-test-" }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Acts before each opening of a file, at once or on a thread, until it goes out of scope. */
export function beforeOpening(act: (path: string) => void): Disposable {
  const { open, openSync } = Deno;
  Deno.open = (path, options) => {
    act(String(path));
    return open(path, options);
  };
  Deno.openSync = (path, options) => {
    act(String(path));
    return openSync(path, options);
  };
  return { [Symbol.dispose]: () => void Object.assign(Deno, { open, openSync }) };
}
