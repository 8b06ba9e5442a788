import assert from "node:assert/strict";
import { MemoryFiles } from "../host/testing/memory_files.ts";
import { Registry } from "../plugin/registry.ts";
import type { OptionValues } from "./option_table.ts";
import {
  keepersOf,
  keepingPlaces,
  keepingProblems,
  missingOptions,
  type OutputFacts,
  outputPathsOf,
} from "./run_plan.ts";

const FILES = new MemoryFiles({});
const TERMINAL: OutputFacts = { keeps: false, isSaved: false };
const PIPE: OutputFacts = { keeps: true, isSaved: true };
const UNUSED: OutputFacts = { keeps: true, isSaved: false };

const PLUGIN_OPTIONS: Record<string, Record<string, unknown>> = {
  filedir: { resultsDir: "/r", archiveDir: "/a" },
  dirmon: { sourceDir: "/in", afterScan: "move", moveDir: "/done" },
};

function planOf(values: Partial<OptionValues>, options = PLUGIN_OPTIONS) {
  return {
    values: values as OptionValues,
    registry: new Registry(),
    pluginOptionsOf: (name: string) => options[name] ?? {},
    stoqHome: "/home/me/.stoq",
  };
}

Deno.test("a plugin writes the outputs of the roles in which it is used, and no others", () => {
  const pathsOf = (values: Partial<OptionValues>) => outputPathsOf(planOf(values), FILES);
  assert.deepEqual(pathsOf({}), ["/home/me/.stoq"]);
  assert.deepEqual(pathsOf({ providers: ["filedir"] }), ["/home/me/.stoq"]);
  assert.deepEqual(pathsOf({ connectors: ["filedir"] }), ["/r", "/r.partial", "/home/me/.stoq"]);
  assert.deepEqual(
    pathsOf({ providers: ["dirmon"], destArchivers: ["filedir"], logDir: "/log" }),
    ["/done", "/a", "/a.partial", "/home/me/.stoq", "/log"],
  );
});

Deno.test("connectors and destination archivers keep in the first place that their manifests name", () => {
  const placesOf = (values: Partial<OptionValues>) =>
    keepingPlaces(planOf(values)).map(({ plugin, role, path }) => `${plugin} ${role} ${path}`);
  assert.deepEqual(
    placesOf({ connectors: ["filedir", "stdout"], destArchivers: ["filedir"], providers: ["dirmon"] }),
    [
      "filedir dest-archiver /a",
      "filedir connector /r",
    ],
  );
  assert.deepEqual(placesOf({ providers: ["filedir"] }), []);
});

Deno.test("a connector keeps responses, and one that prints does so unless it prints to a terminal", () => {
  const keeps = (values: Partial<OptionValues>, output: OutputFacts) =>
    keepersOf(planOf(values), output).keepsResponses;
  assert.equal(keeps({}, UNUSED), false);
  assert.equal(keeps({}, PIPE), true);
  assert.equal(keeps({}, TERMINAL), false);
  assert.equal(keeps({ connectors: ["filedir"] }, TERMINAL), true);
  assert.equal(keeps({ connectors: ["stdout"] }, UNUSED), true);
  assert.equal(keeps({ connectors: ["stdout"] }, TERMINAL), false);
  assert.equal(keeps({ connectors: ["jinja", "filedir"] }, TERMINAL), true);
});

Deno.test("a provider that removes what it delivered is refused where nothing keeps the results", () => {
  const codesOf = (values: Partial<OptionValues>, output: OutputFacts, options = PLUGIN_OPTIONS) => {
    const plan = planOf(values, options);
    return keepingProblems(plan, keepersOf(plan, output)).map(({ code, message }) => {
      assert.match(message, /^Provider "dirmon" removes what it delivered \(after_scan = move\)/);
      return code;
    });
  };
  const providers = ["filedir", "dirmon"];
  assert.deepEqual(codesOf({ providers }, UNUSED), ["nothing-keeps"]);
  assert.deepEqual(codesOf({ providers }, TERMINAL), ["nothing-keeps"]);
  assert.deepEqual(codesOf({ providers, connectors: ["stdout"] }, TERMINAL), ["nothing-keeps"]);
  assert.deepEqual(codesOf({ providers }, PIPE), []);
  assert.deepEqual(codesOf({ providers, destArchivers: ["filedir"] }, UNUSED), []);
  assert.deepEqual(codesOf({ providers }, UNUSED, { dirmon: { afterScan: "leave" } }), []);
});

Deno.test("an option without which a plugin can't play its role is missed in that role alone", () => {
  const missing = (values: Partial<OptionValues>, options = {}) =>
    missingOptions(planOf(values, options)).map(({ code, message }) => [code, message]);
  const message =
    'Plugin "dirmon" needs a value for its option source_dir (Folder that is watched): give it with ' +
    "--plugin-opts dirmon:source_dir=VALUE, or as source_dir = VALUE in section [dirmon] of stoq.cfg";
  assert.deepEqual(missing({ providers: ["dirmon"] }), [["option-not-set", message]]);
  assert.equal(missing({ providers: ["filedir", "dirmon"] }).length, 2);
  assert.deepEqual(missing({ providers: ["dirmon"] }, PLUGIN_OPTIONS), []);
  assert.deepEqual(missing({ connectors: ["filedir"], destArchivers: ["filedir"] }), []);
});
