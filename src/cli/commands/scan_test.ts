import assert from "node:assert/strict";
import type { Terminal } from "../../core/ports/system.ts";
import { readArguments } from "../arguments.ts";
import { scan } from "./scan.ts";

Deno.test("a list of connectors that names none does not swallow the response", async () => {
  let written = "";
  const terminal = {
    isOutTerminal: false,
    isInTerminal: false,
    readIn: () => Promise.resolve({ content: new TextEncoder().encode("hello") }),
    writeResults: (chunks) =>
      Promise.resolve(
        void (written += new TextDecoder().decode(
          new Uint8Array([...chunks].flatMap((chunk) => [...chunk])),
        )),
      ),
  } as Partial<Terminal> as Terminal;
  assert.equal(
    await scan(readArguments(["-a", "hash", "-C", ",", "--isolation", "none"], "scan"), terminal),
    0,
  );
  assert.equal(JSON.parse(written).results[0].size, 5);
});
