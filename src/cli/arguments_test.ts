import assert from "node:assert/strict";
import { MemoryFiles } from "../host/memory_files.ts";
import { readArguments } from "./arguments.ts";
import { takeOperand } from "./operand.ts";

const read = (line: string) => readArguments(line.split(" ").filter((word) => word !== ""), "scan");
const valuesOf = (line: string) => Object.fromEntries(read(line).values);

Deno.test("flags take values in every usual way", () => {
  assert.deepEqual(valuesOf("--max-recursion 3"), { maxRecursion: "3" });
  assert.deepEqual(valuesOf("--max-recursion=3"), { maxRecursion: "3" });
  assert.deepEqual(valuesOf("-a hash"), { alwaysDispatch: ["hash"] });
  assert.deepEqual(valuesOf("-ahash"), { alwaysDispatch: ["hash"] });
  assert.deepEqual(valuesOf("--explain"), { explain: true });
  assert.deepEqual(valuesOf("--explain=false"), { explain: "false" });
  assert.deepEqual(valuesOf("--request-source="), { requestSource: "" });
});

Deno.test("lists take words and commas, and add up", () => {
  assert.deepEqual(valuesOf("-a hash,yara mimetype -R yara -a entropy"), {
    alwaysDispatch: ["hash", "yara", "mimetype", "entropy"],
    dispatchers: ["yara"],
  });
});

Deno.test("values of plugin options keep their commas and equals signs", () => {
  assert.deepEqual(valuesOf("--plugin-opts decompress:passwords=a,b x:y=%Y=1"), {
    pluginOpts: ["decompress:passwords=a,b", "x:y=%Y=1"],
  });
});

Deno.test("the beginning of one flag is that flag, the beginning of several is none", () => {
  assert.deepEqual(valuesOf("--max 3"), { maxRecursion: "3" });
  const { problems } = read("--de x");
  assert.match(
    problems[0]!,
    /"--de" is not a flag of this command: it may be .*--decorators or --deep-dispatchers/,
  );
});

Deno.test("everything wrong is told at once, with the nearest flag", () => {
  const { problems } = read("--always-dispach hash -z --timeout --format -a");
  assert.deepEqual(problems, [
    '"--always-dispach" is not a flag of this command, did you mean "--always-dispatch"?',
    '"-z" is not a flag of this command',
    "--timeout needs a value: SECONDS",
    "--format needs a value: json|jsonl|text",
    "--always-dispatch needs a value: NAME...",
  ]);
});

Deno.test("a flag of another command is not taken", () => {
  assert.match(read("-P filedir").problems[0]!, /"-P" is not a flag of this command/);
});

Deno.test("-- ends a list and all flags, - alone is no flag", () => {
  assert.deepEqual(read("-a hash -- --odd-name").operands, ["--odd-name"]);
  assert.deepEqual(read("-").operands, ["-"]);
  assert.deepEqual(read("-a hash yara --").openLists, []);
});

Deno.test("the last word of the last list is the FILE where it can be one", async () => {
  const files = new MemoryFiles({ "/work/here": "x" });
  const operandOf = async (line: string) => (await takeOperand(files, read(line)))?.operand;
  assert.equal(await operandOf("-a hash here"), "here");
  assert.equal(await operandOf("-a hash gone/too"), "gone/too");
  assert.equal(await operandOf("-a hash -"), "-");
  assert.equal(await operandOf("--plugin-opts a:b=c here"), "here");
  assert.equal(await operandOf("-a hash yara"), undefined);
  assert.equal(await operandOf("here -a hash ./plugin"), undefined);
  assert.equal(await operandOf("-a hash here --explain"), "here");
  assert.equal(await operandOf("-a hash here -R yara"), "here");
  assert.equal(await operandOf("-a hash here -R yara --"), undefined);
  assert.equal(await operandOf("--plugin-dir ./plugins"), undefined);
  const taken = await takeOperand(files, read("-a hash here"));
  assert.deepEqual(taken?.values.get("alwaysDispatch"), ["hash"]);
});

Deno.test("a FILE with a comma in its name is given back whole", async () => {
  const files = new MemoryFiles({ "/work/a,hash": "x" });
  const taken = await takeOperand(files, read("-a mimetype,yara a,hash"));
  assert.equal(taken?.operand, "a,hash");
  assert.deepEqual(taken?.values.get("alwaysDispatch"), ["mimetype", "yara"]);
});

Deno.test("an assignment to a path is no FILE unless it exists", async () => {
  const files = new MemoryFiles({ "/work/odd:name=/x": "x" });
  const operandOf = async (line: string) => (await takeOperand(files, read(line)))?.operand;
  assert.equal(await operandOf("--plugin-opts a:b=c filedir:results_dir=/tmp/out"), undefined);
  assert.equal(await operandOf("--request-extra a=b url=http://example.org/x"), undefined);
  assert.equal(await operandOf("--plugin-opts a:b=c odd:name=/x"), "odd:name=/x");
  assert.equal(await operandOf("-a hash gone/a=b"), "gone/a=b");
});
