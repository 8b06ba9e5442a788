import assert from "node:assert/strict";
import { extractCommand, listCommand, selectablePaths } from "./command.ts";
import { candidatePasswords, MAX_PASSWORDS } from "./passwords.ts";

Deno.test("names stand after the end of switches, and a password is always given", () => {
  const open = { password: "-y @x", excludedFormats: ["PE"], format: undefined };
  const args = extractCommand(open, { paths: ["-x"], hasFolders: true });
  assert.deepEqual(args.slice(args.indexOf("--") + 1), ["/stoq-nameless", "-x"]);
  assert.deepEqual([args[0], extractCommand(open, { paths: [], hasFolders: false })[0]], ["x", "e"]);
  assert.ok(args.includes("-p-y @x") && args.includes("-stxPE"));
  assert.ok(listCommand({ ...open, password: "" }).includes("-p"));
  const chosen = listCommand({ ...open, format: "zip" });
  assert.ok(chosen.includes("-tzip") && !chosen.includes("-stxPE"));
});

Deno.test("only few and plain paths are selected", () => {
  assert.deepEqual(selectablePaths(["a.txt", "d/c.txt"]), ["a.txt", "d/c.txt"]);
  for (const odd of ["a_b", "*", "@x", "-x", "/x", "../x", "", "ä", "x".repeat(200)]) {
    assert.deepEqual(selectablePaths(["a.txt", odd]), []);
  }
  assert.deepEqual(selectablePaths(Array(21).fill("a")), []);
});

Deno.test("passwords are tried once each, up to a number, if they can be tried at all", () => {
  assert.deepEqual(candidatePasswords(["b", "a", "b", "", "x\0y", "z".repeat(1025)]), ["b", "a"]);
  assert.equal(
    candidatePasswords(Array.from({ length: 500 }, (_, index) => `${index}`)).length,
    MAX_PASSWORDS,
  );
});
