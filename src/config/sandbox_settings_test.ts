import assert from "node:assert/strict";
import { readManifest } from "../plugin/manifest_reader.ts";
import type { SandboxRules } from "../plugin/permission.ts";
import { MemoryFiles } from "../host/testing/memory_files.ts";
import { Registry } from "../plugin/registry.ts";
import { readCfg } from "./cfg_reader.ts";
import { OPTIONS } from "./option_table.ts";
import { flagSettings, givenSettings } from "./plugin_options.ts";
import { resolveSandbox, sandboxSettings } from "./sandbox_settings.ts";

const MANIFEST = {
  name: "intel",
  version: "1.0.0",
  description: "For tests",
  roles: ["worker"],
  api: 1,
  options: {
    rules_dir: { type: "path", doc: "A folder" },
    server: { type: "string", doc: "A host" },
    enabled: { type: "boolean", doc: "A switch" },
  },
};

interface Said {
  readonly cfg?: string;
  readonly flags?: readonly string[];
  readonly given?: Readonly<Record<string, unknown>>;
}

/** The rules for `intel`, and what was wrong; paths of the file start at /etc, others at /work. */
async function resolve({ cfg = "", flags = [], given = {} }: Said): Promise<[SandboxRules, string[]]> {
  assert.ok(readManifest(JSON.stringify(MANIFEST)).value);
  const registry = new Registry();
  await registry.addPath(
    new MemoryFiles({ "/p/intel/manifest.json": JSON.stringify(MANIFEST) }),
    "/p/intel",
  );
  const base = (folder: string) => ({
    resolvePath: (path: string) => path.startsWith("/") ? path : `${folder}/${path}`,
  });
  const problems: string[] = [];
  const sources = [
    givenSettings(given, base("/work"), "sandbox"),
    flagSettings(flags, base("/work"), problems, OPTIONS.sandbox.flag),
    sandboxSettings(readCfg(`[sandbox]\n${cfg}`, "stoq.cfg"), base("/etc"), problems),
  ];
  const rulesOf = resolveSandbox(registry, undefined, sources, problems);
  return [rulesOf("intel") ?? { grants: {} }, problems];
}

/** Rules without where they are said. */
function bare({ grants }: SandboxRules): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(grants).map(([kind, { keepsAsked, resources }]) => [kind, { keepsAsked, resources }]),
  );
}

Deno.test("a list replaces what is asked, with + it adds to that, none refuses it, and the line is known", async () => {
  const cfg = "intel.net = www.example.com:443, [::1]:80\nintel.read = +rules\n  +${rules_dir}/more\n" +
    "intel.env = none\nintel.isolation = process\nintel.sys = asked\n";
  const [rules, problems] = await resolve({ cfg });
  assert.deepEqual(problems, []);
  assert.deepEqual(bare(rules), {
    net: { keepsAsked: false, resources: ["www.example.com:443", "[::1]:80"] },
    read: { keepsAsked: true, resources: ["/etc/rules", "${rules_dir}/more"] },
    env: { keepsAsked: false, resources: [] },
  });
  assert.equal(rules.grants.net?.where, "stoq.cfg line 2: [sandbox] intel.net");
  assert.deepEqual(rules.isolation, {
    value: "process",
    where: "stoq.cfg line 6: [sandbox] intel.isolation",
  });
});

Deno.test("permissions = none refuses every kind but those that are named", async () => {
  const [rules] = await resolve({ cfg: "intel.permissions = none\nintel.net = asked\nintel.read = /srv\n" });
  assert.deepEqual(Object.keys(rules.grants).sort(), ["env", "ffi", "read", "run", "sys", "write"]);
  assert.deepEqual(rules.grants.read?.resources, ["/srv"]);
});

Deno.test("what a flag refuses, no line of stoq.cfg gives back; the constructor comes before both", async () => {
  const cfg = "intel.net = www.example.com\n";
  const [refused] = await resolve({ cfg, flags: ["intel:permissions=none"] });
  assert.deepEqual(refused.grants.net?.resources, []);
  const given = { intel: { net: ["given.example"], isolation: "process", read: "+a, +b" } };
  const [rules, problems] = await resolve({ cfg, flags: ["intel:net=none"], given });
  assert.deepEqual(problems, []);
  assert.deepEqual(rules.grants.net?.resources, ["given.example"]);
  assert.deepEqual(rules.grants.read?.resources, ["/work/a", "/work/b"]);
});

const WRONG: readonly (readonly [line: string, message: RegExp])[] = [
  ["intl.net = none", /line 2: \[sandbox\] intl\.net: no plugin "intl" is installed, did you mean "intel"\?/],
  ["intel.nett = none", /line 2: \[sandbox\] intel\.nett: "nett" is not a permission, did you mean "net"\?/],
  ["intel.xyzzyx = none", /"xyzzyx" is not a permission, known are net, read, .*, isolation$/],
  ["intel = none", /line 2: \[sandbox\] intel must be PLUGIN\.KEY, such as intel\.net = none/],
  ["intel.net =", /intel\.net has no value, must be none, asked or a list/],
  ["intel.net", /has no value/],
  ["intel.net = *", /has "\*", must be one host or host:port/],
  ["intel.net = *.example.com", /must be one host/],
  ["intel.net = 10.0.0.0/8", /must be one host/],
  ["intel.net = a b", /must be one host/],
  ["intel.net = host:0", /must be one host/],
  ["intel.net = host:70000", /must be one host/],
  ["intel.net = ::1", /must be one host/],
  ["intel.net = https://www.example.com:8443/v1", /such as "www\.example\.com:8443"/],
  ["intel.read = *", /must be one exact path/],
  ["intel.read = /srv/*", /must be one exact path/],
  ["intel.write = ~/out", /~ is not expanded here/],
  ["intel.read = -/srv", /removes nothing/],
  ["intel.read = +/a, /b", /mixes entries with and without "\+"/],
  ["intel.read = none, /b", /has "none", which must stand alone/],
  ["intel.read = ${rule_dir}", /"rule_dir" is not an option of plugin "intel", did you mean "rules_dir"\?/],
  ["intel.read = ${enabled}", /option "enabled" must be text, got type boolean/],
  ["intel.read = ${rules_dir", /must close \$\{ with \}/],
  ["intel.read = a/${rules_dir}", /must be absolute or begin with \$\{option\}/],
  ["intel.env = *", /must be the name of one variable/],
  ["intel.env = TOK*", /must be the name of one variable/],
  ["intel.sys = hostnam", /did you mean "hostname"\?/],
  ["intel.run = curl", /must be the absolute path of one program/],
  ["intel.isolation = apart", /intel\.isolation must be one of process, none, got "apart"/],
  ["intel.permissions = all", /intel\.permissions must be one of none, asked, got "all"/],
  [
    "intel.isolation = none\nintel.net = none",
    /intel\.isolation can't be none: stoq\.cfg line 3: \[sandbox\] intel\.net changes its permissions/,
  ],
];

for (const [line, message] of WRONG) {
  Deno.test(`"${line.replace("\n", "; ")}" is a mistake that names its line`, async () => {
    const [, problems] = await resolve({ cfg: line });
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0]!, /^stoq\.cfg line 2: \[sandbox\] /);
    assert.match(problems[0]!, message);
  });
}

Deno.test("a wrong flag and a wrong argument name themselves", async () => {
  const [, problems] = await resolve({ flags: ["intel.net=x", "intel:net=*"], given: { intel: { env: 5 } } });
  assert.deepEqual(problems, [
    '--sandbox must be PLUGIN:KEY=VALUE, got "intel.net=x"',
    "sandbox.intel.env must be text or a list of text, got 5",
    '--sandbox intel:net has "*", must be one host or host:port, such as www.example.com:443',
  ]);
});

Deno.test("values of [DEFAULT] are for references, and no settings of [sandbox]", async () => {
  const [rules, problems] = await resolve({ cfg: "intel.read = %(root)s/x\n[DEFAULT]\nroot = /srv\n" });
  assert.deepEqual(problems, []);
  assert.deepEqual(rules.grants.read?.resources, ["/srv/x"]);
});
