import assert from "node:assert/strict";
import { loadYaraX } from "../../../wasm/yara_x/mod.ts";
import { knownModules, type ModuleSchema, moduleSchema } from "./module_schema.ts";

/** An expression that only a value of the type makes valid. */
const USES: Readonly<Record<string, (value: string) => string>> = {
  b: (value) => `${value} == yes`,
  i: (value) => `(${value} & 1) == 1`,
  f: (value) => `${value} == 1.5`,
  s: (value) => `${value} contains "a"`,
};
const ARGUMENTS: Readonly<Record<string, string>> = {
  b: "filesize > 0",
  i: "1",
  f: "1.5",
  s: '"a"',
  r: "/a/",
};

/** A condition for each member of a value, and for their members. */
function uses(schema: ModuleSchema, type: string, value: string, depth: number): string[] {
  if (depth > 6) return [];
  if (USES[type]) return [USES[type](value)];
  if (type.startsWith("[]")) {
    return [`${value}.len() == 0`, ...uses(schema, type.slice(2), `${value}[0]`, depth + 1)];
  }
  if (type.startsWith("{}")) {
    return [`${value}.len() == 0`, ...uses(schema, type.slice(2), `${value}["a"]`, depth + 1)];
  }
  const members = Object.entries(schema.structures[type]!).flatMap(([name, member]) =>
    uses(schema, member, `${value}.${name}`, depth + 1)
  );
  const prefix = type === "" ? "" : `${type}.`;
  const calls = Object.entries(schema.functions).flatMap(([signature, { result }]) => {
    const match = signature.startsWith(prefix) && /^(\w+)\((\w*)\)$/.exec(signature.slice(prefix.length));
    if (!match) return [];
    const args = [...match[2]!].map((letter) => ARGUMENTS[letter]).join(", ");
    return [USES[result]!(`${value}.${match[1]}(${args})`)];
  });
  return [...members, ...calls];
}

Deno.test("YARA-X knows all members of modules that we know, with their types and constants", async () => {
  const conditions = [...knownModules()].flatMap((module) => {
    const schema = moduleSchema(module)!;
    const constants = Object.entries(schema.constants).map(([name, value]) =>
      `${module}.${name} == ${value}`
    );
    return [...constants, ...uses(schema, "", module, 0)];
  });
  assert.ok(conditions.length > 200);
  const imports = [...knownModules()].map((module) => `import "${module}"`).join(" ");
  const engine = await loadYaraX();
  const sources = conditions.map((condition, i) => ({
    unit: String(i),
    text: `${imports} rule r${i} { condition: ${condition} }`,
    rules: [],
  }));
  const rules = await engine.compile(sources, { externals: { yes: true } });
  assert.deepEqual(rules.problems.map(({ source, message }) => `${conditions[source]}: ${message}`), []);
  const outcome = await rules.scan(new Uint8Array());
  assert.ok(outcome.ok);
  const matching = new Set(outcome.matches.map(({ rule }) => rule));
  conditions.forEach((condition, i) => {
    if (/\.[A-Z_0-9]+ == \d+$/.test(condition)) assert.ok(matching.has(`r${i}`), condition);
  });
  rules.free();
});
