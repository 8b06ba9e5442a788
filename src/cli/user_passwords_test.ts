import { deepEqual, equal, match } from "node:assert/strict";
import type { Terminal } from "../core/ports/system.ts";
import { noteUntried, readUserPasswords } from "./user_passwords.ts";

const files = {
  readText: (path: string) =>
    path === "/list"
      ? Promise.resolve("\ufeffone\r\n two \n\none,three\n")
      : Promise.reject(new Error("no such file")),
};

async function notesOf(passwords: readonly string[]): Promise<string> {
  let text = "";
  const terminal = { writeErr: (line: string) => Promise.resolve(void (text += line)) } as Partial<Terminal>;
  await noteUntried(terminal as Terminal, passwords);
  return text;
}

Deno.test("candidates are the words of flags and the lines of files, literally and each once", async () => {
  const problems: string[] = [];
  const values = { passwords: ["a,b", "one"], passwordsFiles: ["/list"] };
  deepEqual(await readUserPasswords(files, values, problems), ["a,b", "one", " two ", "one,three"]);
  deepEqual(problems, []);
});

Deno.test("a file that can't be read is a problem", async () => {
  const problems: string[] = [];
  await readUserPasswords(files, { passwords: undefined, passwordsFiles: ["/none\x1b"] }, problems);
  deepEqual(problems, ['--passwords-file "/none\\x1b" can\'t be read: no such file']);
});

Deno.test("candidates that are not tried are counted, and never printed", async () => {
  equal(await notesOf(Array.from({ length: 100 }, (_, index) => `secret${index}`)), "");
  const notes = await notesOf([
    ...Array.from({ length: 103 }, (_, index) => `secret${index}`),
    "s".repeat(1_025),
  ]);
  match(
    notes,
    /^stoq: Passwords may have 1024 characters, 1 of them .*\nstoq: The first 100 passwords are tried, 3 are not\n$/,
  );
});
