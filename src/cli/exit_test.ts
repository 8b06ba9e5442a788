import assert from "node:assert/strict";
import type { Terminal } from "../core/ports/system.ts";
import { EXIT, refuseToStart } from "./exit.ts";

Deno.test("each problem is a line, and names in it can't control the terminal", async () => {
  let written = "";
  const terminal = { writeErr: (text: string) => Promise.resolve(void (written += text)) } as Terminal;
  const problems = [
    "scan takes one FILE, got 2: a\x1b[2J, b",
    "a manifest is broken\n  name\u009b is missing",
  ];
  assert.equal(await refuseToStart(terminal, problems), EXIT.usage);
  assert.equal(
    written,
    "stoq: scan takes one FILE, got 2: a\\x1b[2J, b\nstoq: a manifest is broken\n  name\\x9b is missing\n",
  );
});
