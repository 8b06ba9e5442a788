import assert from "node:assert/strict";
import type { Role } from "../core/contract/contract.ts";
import type { PermissionRequest } from "../plugin/manifest.ts";
import type { SandboxRules } from "../plugin/permission.ts";
import { decidePlace } from "./placement.ts";

interface Case {
  readonly role?: Role;
  readonly folder?: string;
  readonly permissions?: PermissionRequest;
  readonly isolation?: "process" | "none";
  readonly rules?: SandboxRules;
  readonly interprets?: false;
}

function placeOf(
  { role = "worker", folder, permissions, isolation = "process", rules, interprets }: Case,
): string {
  const manifest = {
    name: "x",
    version: "1.0.0",
    description: "x",
    roles: [role],
    api: 1 as const,
    permissions,
    interprets_payloads: interprets,
  };
  const plugin = { manifest, folder, module: folder, load: () => Promise.reject(new Error("not loaded")) };
  return decidePlace(plugin, {
    isolation,
    rulesOf: () => rules,
    optionsOf: () => ({}),
    resolvePath: (path) => path,
    stoqHome: "/home/stoq",
    isGranted: () => true,
  }).place;
}

const ruleOf = (value: "process" | "none"): SandboxRules => ({ isolation: { value, where: "" }, grants: {} });
const refusing: SandboxRules = { grants: { read: { keepsAsked: false, resources: [], where: "" } } };

Deno.test("shipped workers that may do nothing share runners, others have their own", () => {
  assert.equal(placeOf({}), "pool");
  assert.equal(placeOf({ permissions: { read: ["${unset}"] } }), "pool");
  assert.equal(placeOf({ permissions: { read: ["/a"] } }), "own process");
  assert.equal(placeOf({ permissions: { read: ["/a"] }, rules: refusing }), "pool");
  assert.equal(placeOf({ folder: "/x" }), "own process");
  assert.equal(placeOf({ folder: "/x", interprets: false }), "own process");
  assert.equal(placeOf({ folder: "/x", role: "connector" }), "own process");
});

Deno.test("shipped plugins that meet no hostile bytes run in the main process, as all do without isolation", () => {
  assert.equal(placeOf({ role: "connector" }), "main process");
  assert.equal(placeOf({ interprets: false }), "main process");
  assert.equal(placeOf({ isolation: "none" }), "main process");
  assert.equal(placeOf({ isolation: "none", folder: "/x" }), "main process");
});

Deno.test("a user's word on a plugin's place comes first, and changed permissions put it apart", () => {
  assert.equal(placeOf({ rules: ruleOf("none"), folder: "/x" }), "main process");
  assert.equal(placeOf({ rules: ruleOf("process"), isolation: "none" }), "pool");
  assert.equal(placeOf({ rules: ruleOf("process"), role: "connector" }), "pool");
  assert.equal(placeOf({ rules: ruleOf("process"), interprets: false }), "pool");
  assert.equal(placeOf({ rules: refusing, isolation: "none", role: "connector" }), "pool");
});
