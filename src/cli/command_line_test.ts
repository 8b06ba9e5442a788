import assert from "node:assert/strict";
import { POSIX, resolvePath } from "../host/paths.ts";
import { Registry } from "../plugin/registry.ts";
import { readArguments } from "./arguments.ts";
import { divideWords } from "./command_line.ts";

/** Nothing but the text of a path can be asked for. */
const FILES = { resolve: (...parts: string[]) => resolvePath(POSIX, "/work", ...parts) };

const divide = (words: string | string[], command = "scan") => {
  const { parts } = readArguments(typeof words === "string" ? words.split(" ") : words, command);
  return divideWords(parts, { files: FILES, registry: new Registry(), scansPaths: command === "scan" });
};
const pathsOf = (words: string | string[]) => divide(words).paths.map(({ word }) => word);
const valuesOf = (words: string) => Object.fromEntries(divide(words).values);

Deno.test("further words of a list are values while they name plugins, the first other word is a PATH", () => {
  const line = "-a hash mimetype,yara eicar.com yara";
  assert.deepEqual(valuesOf(line), { alwaysDispatch: ["hash", "mimetype", "yara"] });
  assert.deepEqual(pathsOf(line), ["eicar.com", "yara"]);
  assert.deepEqual(pathsOf("-a hash nothere.bin"), ["nothere.bin"]);
  assert.deepEqual(pathsOf("-a hash yara,eicar.com"), ["yara,eicar.com"]);
  assert.deepEqual(pathsOf("-a hash ,"), [","]);
  assert.deepEqual(pathsOf("-a hash -"), ["-"]);
});

Deno.test("the first word of a list is always a value", () => {
  assert.deepEqual(valuesOf("-a eicar.com"), { alwaysDispatch: ["eicar.com"] });
  assert.deepEqual(valuesOf("-a ./plugin -s ./other"), {
    alwaysDispatch: ["./plugin"],
    startDispatch: ["./other"],
  });
  assert.deepEqual(divide("-a -").problems, ["--always-dispatch needs a value: NAME..."]);
  assert.deepEqual(divide("-a").problems, ["--always-dispatch needs a value: NAME..."]);
});

Deno.test("a word that is a plugin and a file is the plugin: no file is asked about", () => {
  assert.deepEqual(valuesOf("-a mimetype hash eicar.com"), { alwaysDispatch: ["mimetype", "hash"] });
  assert.deepEqual(pathsOf("-a mimetype ./hash"), ["./hash"]);
  assert.deepEqual(pathsOf("-a mimetype -- hash"), ["hash"]);
});

Deno.test("references with a scheme are values of a list", () => {
  const references = ["https://example.org/mod.ts", "npm:x@1.0.0", "jsr:@a/b@1.0.0", "file:///x"];
  assert.deepEqual(divide(["-a", "hash", ...references, "c:x"]).values.get("alwaysDispatch"), [
    "hash",
    ...references,
  ]);
  assert.deepEqual(pathsOf(["-a", "hash", ...references, "c:x"]), ["c:x"]);
});

Deno.test("lists add up, and values of options keep their commas and equals signs", () => {
  assert.deepEqual(valuesOf("-a hash -R yara -a yara"), {
    alwaysDispatch: ["hash", "yara"],
    dispatchers: ["yara"],
  });
  const line = "--plugin-opts decompress:passwords=a,b x:y=%Y=1 filedir:results_dir=/tmp/a:b=c in";
  assert.deepEqual(valuesOf(line), {
    pluginOpts: ["decompress:passwords=a,b", "x:y=%Y=1", "filedir:results_dir=/tmp/a:b=c"],
  });
  assert.deepEqual(pathsOf(line), ["in"]);
  assert.deepEqual(pathsOf("--plugin-opts a:b=c gone/a:b=c"), ["gone/a:b=c"]);
  assert.deepEqual(pathsOf("--request-extra a=b url=http://example.org/x in"), ["in"]);
  assert.deepEqual(pathsOf("--sandbox a:read=none b:net=x in"), ["in"]);
});

Deno.test("a PATH that ends a list comes with a hint at the plugin that may have been meant", () => {
  const [path] = divide("-a hash mimetpye").paths;
  assert.equal(
    path?.hint,
    'as a value of --always-dispatch: no plugin "mimetpye" is installed, did you mean "mimetype"?',
  );
  assert.equal(divide("-a hash sample.docx").paths[0]?.hint, undefined);
  assert.equal(divide("mimetpye").paths[0]?.hint, undefined);
});

Deno.test("flags that decide whose code runs are refused behind the first PATH", () => {
  for (
    const flag of [
      "--isolation=none",
      "--plugin-dir=p",
      "--config-file=c",
      "--sandbox=a:read=/",
      "--isol=none",
    ]
  ) {
    for (const before of [["x"], ["-a", "hash", "x"], ["--plugin-opts", "a:b=c", "x"], ["-"]]) {
      const { problems } = divide([...before, flag]);
      assert.equal(problems.length, 1, `${before} ${flag}`);
      assert.match(problems[0]!, /^--[a-z-]+ must stand before the first PATH, which is "[x-]"/);
    }
    assert.deepEqual(divide([flag, "x"]).problems, []);
    assert.deepEqual(divide(["-a", "hash", flag, "x"]).problems, []);
  }
  assert.deepEqual(divide(["./plugin", "--isolation", "none"], "test").problems, []);
});
