import assert from "node:assert/strict";
import { Printer } from "./printer.ts";
import { type FaultCode, systemErrorOf } from "./testing/faulty_storage.ts";

const utf8 = new TextEncoder();

/** An output that takes at most `room` bytes a call, and fails at the calls that have a failure. */
function outputWith(room: number, failures: Readonly<Record<number, Error>> = {}) {
  const taken: number[] = [];
  let calls = 0;
  const output = {
    async write(bytes: Uint8Array) {
      await Promise.resolve();
      const failure = failures[++calls];
      if (failure) throw failure;
      taken.push(...bytes.subarray(0, room));
      return Math.min(room, bytes.length);
    },
  };
  return { printer: new Printer(output), text: () => new TextDecoder().decode(Uint8Array.from(taken)) };
}

const chunks = (...texts: string[]) => texts.map((text) => utf8.encode(text));

Deno.test("texts printed at once come one after the other, also through an output that takes little", async () => {
  const { printer, text } = outputWith(3);
  await Promise.all([printer.print(chunks("first ", "of all\n")), printer.print(chunks("second\n"))]);
  assert.equal(text(), "first of all\nsecond\n");
});

Deno.test("a closed pipe is a failure that says how much was printed, and later texts fail at once", async () => {
  const closed = Object.assign(new Deno.errors.BrokenPipe("Broken pipe (os error 32)"), { code: "EPIPE" });
  const { printer, text } = outputWith(3, { 2: closed });
  await assert.rejects(printer.print(chunks("first\n")), {
    code: "output-not-written",
    message:
      "Could not print to standard output: its reader has closed it; only its first 3 bytes were printed",
  });
  await assert.rejects(printer.print(chunks("second\n")), {
    code: "output-not-written",
    message: "Could not print to standard output: its reader has closed it; nothing was printed",
  });
  assert.equal(text(), "fir");
});

for (const code of ["ENOSPC", "EIO"] as FaultCode[]) {
  Deno.test(`${code} is a failure of one text, and the next one begins on a line of its own`, async () => {
    const { printer, text } = outputWith(3, { 2: systemErrorOf(code) });
    const outcomes = await Promise.allSettled([
      printer.print(chunks("first\n")),
      printer.print(chunks("second\n")),
    ]);
    assert.deepEqual(outcomes.map(({ status }) => status), ["rejected", "fulfilled"]);
    assert.match(
      outcomes[0]!.status === "rejected" ? outcomes[0]!.reason.message : "",
      new RegExp(`\\(${code}\\); only its first 3 bytes were printed$`),
    );
    assert.equal(text(), "fir\nsecond\n");
  });
}

Deno.test("a text of which nothing was printed leaves no empty line", async () => {
  const { printer, text } = outputWith(10, { 1: systemErrorOf("ENOSPC") });
  await assert.rejects(printer.print(chunks("first\n")), /nothing was printed$/);
  await printer.print(chunks("second\n"));
  assert.equal(text(), "second\n");
});

Deno.test("an output that takes nothing is a failure and no endless loop", async () => {
  const printer = new Printer({ write: () => Promise.resolve(0) });
  await assert.rejects(printer.print(chunks("text")), {
    code: "output-not-written",
    message: "Could not print to standard output: it accepts no more bytes; nothing was printed",
  });
});

Deno.test("what fails to be written as text is passed on, and the next text begins on its own line", async () => {
  const { printer, text } = outputWith(10);
  function* failing() {
    yield utf8.encode("half");
    throw new TypeError("bug");
  }
  await assert.rejects(printer.print(failing()), TypeError);
  await printer.print(chunks("next\n"));
  assert.equal(text(), "half\nnext\n");
});
