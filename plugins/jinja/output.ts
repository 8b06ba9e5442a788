/**
 * Prints text, one after the other, whole.
 *
 * @module
 */

/** Where to print: the part of `Deno.stdout` that is used. */
export interface Output {
  /** Writes some of the bytes. Resolves to how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/** A function that prints texts in the order of its calls; a reader that has gone away is no failure. */
export function createPrinter(output: Output): (text: string) => Promise<void> {
  let lastTurn: Promise<void> = Promise.resolve();
  return (text) => {
    // A turn that failed has told its own caller; the next one comes all the same.
    lastTurn = lastTurn.catch(() => {}).then(() => print(output, new TextEncoder().encode(text)));
    return lastTurn;
  };
}

async function print(output: Output, bytes: Uint8Array): Promise<void> {
  try {
    for (let printed = 0; printed < bytes.length;) {
      const count = await output.write(bytes.subarray(printed));
      if (count === 0) throw stuck(bytes.length, printed);
      printed += count;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function stuck(total: number, printed: number): Error {
  return new Error(
    `Failed to print ${total} bytes to stdout: it takes no more after ${printed} and should take all`,
  );
}
