import assert from "node:assert/strict";
import { readArguments, singleValues } from "./arguments.ts";

const read = (line: string) => readArguments(line.split(" ").filter((word) => word !== ""), "scan");
const valuesOf = (line: string) => Object.fromEntries(singleValues(read(line).parts));
const listsOf = (line: string) => read(line).parts.filter((part) => part.kind === "list");

Deno.test("flags take values in every usual way", () => {
  assert.deepEqual(valuesOf("--max-recursion 3"), { maxRecursion: "3" });
  assert.deepEqual(valuesOf("--max-recursion=3"), { maxRecursion: "3" });
  assert.deepEqual(valuesOf("--timeout -5"), { pluginTimeout: "-5" });
  assert.deepEqual(valuesOf("--explain"), { explain: true });
  assert.deepEqual(valuesOf("--explain=false"), { explain: "false" });
  assert.deepEqual(valuesOf("--request-source="), { requestSource: "" });
  assert.deepEqual(listsOf("-ahash"), [{ kind: "list", key: "alwaysDispatch", words: ["hash"] }]);
  assert.deepEqual(listsOf("-a=hash"), [{ kind: "list", key: "alwaysDispatch", words: ["hash"] }]);
});

Deno.test("a list has the words up to the next flag, in their order", () => {
  assert.deepEqual(read("in -a hash,yara x - -R yara y --explain z").parts, [
    { kind: "path", word: "in", isLiteral: false },
    { kind: "list", key: "alwaysDispatch", words: ["hash,yara", "x", "-"] },
    { kind: "list", key: "dispatchers", words: ["yara", "y"] },
    { kind: "value", key: "explain", value: true },
    { kind: "path", word: "z", isLiteral: false },
  ]);
});

Deno.test("--plugin-dir takes one path, commas and all, and may be repeated", () => {
  const { parts } = read("--plugin-dir a,b c --plugin-dir d");
  assert.deepEqual(parts[1], { kind: "path", word: "c", isLiteral: false });
  assert.deepEqual(valuesOf("--plugin-dir a,b c --plugin-dir d"), { pluginDirList: ["a,b", "d"] });
});

Deno.test("the beginning of one flag is that flag, the beginning of several is none", () => {
  assert.deepEqual(valuesOf("--max 3"), { maxRecursion: "3" });
  const { problems } = read("--de x");
  assert.match(
    problems[0]!,
    /"--de" is not a flag of this command: it may be .*--decorators or --deep-dispatchers/,
  );
});

Deno.test("all problems are collected, with the nearest flag", () => {
  const { problems } = read("--always-dispach hash -z --timeout --format");
  assert.deepEqual(problems, [
    '"--always-dispach" is not a flag of this command, did you mean "--always-dispatch"?',
    '"-z" is not a flag of this command',
    "--timeout needs a value: SECONDS",
    "--format needs a value: json|jsonl|text",
  ]);
});

Deno.test("a flag of another command is not taken", () => {
  assert.match(read("-P filedir").problems[0]!, /"-P" is not a flag of this command/);
});

Deno.test("-- ends a list and all flags, - alone is no flag", () => {
  assert.deepEqual(read("-a hash -- --odd-name - --").parts.slice(1), [
    { kind: "path", word: "--odd-name", isLiteral: true },
    { kind: "path", word: "-", isLiteral: true },
    { kind: "path", word: "--", isLiteral: true },
  ]);
  assert.deepEqual(read("-").parts, [{ kind: "path", word: "-", isLiteral: false }]);
});
