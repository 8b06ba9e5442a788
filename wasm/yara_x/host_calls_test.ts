import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Compiler, initSync } from "npm:@virustotal/yara-x@1.20.0";
import { compileBinary } from "./binary.js";
import { HostCalls } from "./host_calls.ts";

const GLUE = import.meta.resolve("npm:@virustotal/yara-x@1.20.0");
initSync({ module: await compileBinary(GLUE, (url) => Deno.readFile(url)) });

const FUNCTIONS = ["uint8", "int8", "uint16", "int16", "uint32", "int32"].flatMap((
  name,
) => [name, `${name}be`]);
const OFFSETS = ["-1", "0", "1", "9", "10", "11", "12", "13", "9223372036854775807"];

function compile(condition: string) {
  const compiler = new Compiler();
  compiler.addSource(`import "console" rule a { condition: ${condition} }`);
  return compiler.build();
}

/** What a rule logs of every read, with and without our answers. */
function readEverything(bytes: Uint8Array) {
  const reads = FUNCTIONS.flatMap((name) =>
    OFFSETS.map((at) => `(not defined ${name}(${at}) or console.log("${name} ${at} ", ${name}(${at})))`)
  );
  const rules = compile(reads.join(" and "));
  const answered: string[] = [];
  new HostCalls().during(bytes, (line) => answered.push(line), () => rules.scan(bytes));
  const original: string[] = [];
  const { log } = console;
  console.log = (line: string) => original.push(line);
  rules.scan(bytes);
  console.log = log;
  return { answered, original };
}

Deno.test("integers are read as yara-x reads them, at and beyond the ends", () => {
  const bytes = Uint8Array.of(0x81, 0x02, 0xff, 0xfe, 0x7f, 0x80, 0, 1, 0xaa, 0x55, 0xf0, 0x0f);
  const { answered, original } = readEverything(bytes);
  assert.ok(original.length > FUNCTIONS.length * 3);
  assert.deepEqual(answered, original);
});

Deno.test("integers are read from a view into a larger buffer", () => {
  const buffer = new Uint8Array(40).fill(0xee);
  buffer.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 9);
  const { answered, original } = readEverything(buffer.subarray(9, 21));
  assert.deepEqual(answered, original);
});

Deno.test("every integer function is answered without the engine", () => {
  const { Instance } = WebAssembly;
  const bytes = new Uint8Array(16);
  const rules = compile(FUNCTIONS.map((name) => `${name}(0) == 0`).join(" and "));
  let given: [string, unknown][] = [];
  Reflect.set(WebAssembly, "Instance", function (module: WebAssembly.Module, imports: WebAssembly.Imports) {
    given = Object.values(imports).flatMap((members) => Object.entries(members));
    return new Instance(module, imports);
  });
  new HostCalls().during(bytes, () => {}, () => rules.scan(bytes));
  Reflect.set(WebAssembly, "Instance", Instance);
  const replaced = given.filter(([, value]) => typeof value === "function" && value.name === "answerRead")
    .map(([name]) => name.split("@")[0]);
  assert.deepEqual(replaced.sort(), [...FUNCTIONS].sort());
});

Deno.test("the globals are as before after a scan, also after one that throws", () => {
  const { Module, Instance } = WebAssembly;
  const { log } = console;
  const calls = new HostCalls();
  assert.throws(() =>
    calls.during(new Uint8Array(), () => {}, () => {
      throw new Error("from the scan");
    }), /from the scan/);
  assert.deepEqual([WebAssembly.Module, WebAssembly.Instance, console.log], [Module, Instance, log]);
});

Deno.test("rules are compiled once for all scans", () => {
  const { Module } = WebAssembly;
  const bytes = new Uint8Array(4);
  const rules = compile("uint8(0) == 0");
  let compiled = 0;
  Reflect.set(WebAssembly, "Module", function (binary: BufferSource) {
    compiled++;
    return new Module(binary);
  });
  const calls = new HostCalls();
  const counts = [1, 2, 3].map(() => calls.during(bytes, () => {}, () => rules.scan(bytes)).matches.length);
  Reflect.set(WebAssembly, "Module", Module);
  assert.deepEqual([counts, compiled], [[1, 1, 1], 1]);
});

Deno.test("nothing that scans made outlives them: instances, memories and functions are collected", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const { Instance, Memory } = WebAssembly;
  const made: WeakRef<WeakKey>[] = [];
  Reflect.set(WebAssembly, "Memory", function (descriptor: WebAssembly.MemoryDescriptor) {
    const memory = new Memory(descriptor);
    made.push(new WeakRef(memory));
    return memory;
  });
  Reflect.set(WebAssembly, "Instance", function (module: WebAssembly.Module, imports: WebAssembly.Imports) {
    const instance = new Instance(module, imports);
    const { main } = instance.exports;
    made.push(new WeakRef(instance), new WeakRef(main!));
    return instance;
  });
  const rules = compile("uint8(0) == 0");
  const calls = new HostCalls();
  for (let scan = 0; scan < 20; scan++) {
    calls.during(new Uint8Array(4), () => {}, () => rules.scan(new Uint8Array(4)));
  }
  Object.assign(WebAssembly, { Instance, Memory });
  // A reference that was just made or read keeps its target until the job ends.
  await new Promise((resolve) => setTimeout(resolve, 0));
  collect();
  assert.deepEqual([made.length, made.filter((reference) => reference.deref()).length], [60, 0]);
});
