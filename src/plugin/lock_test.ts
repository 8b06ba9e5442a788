import assert from "node:assert/strict";
import { type LockedPlugin, readLock, renderLock, type StoqLock } from "./lock.ts";

const SHA = "0123456789abcdef".repeat(4);

/** A plugin of two files. */
const PLUGIN: LockedPlugin = {
  reference: `https://example.org/mod.ts#sha256-${SHA}`,
  version: "1.0.0",
  folder: "/home/plugins/shout",
  permissions: { net: ["example.org"] },
  files: {
    "mod.ts": { source: "https://example.org/mod.ts", source_sha256: SHA, sha256: SHA, size: 1 },
    "manifest.json": { sha256: SHA, size: 2 },
  },
  packages: { "left-pad@1.3.0": "sha512-x" },
};

const render = (lock: StoqLock) => renderLock(lock, (name) => `/home/plugins/${name}`);
const read = (text: string) => readLock(text, (name) => `/home/plugins/${name}`);

Deno.test("a lock is read as it was written, and equal locks are equal texts", () => {
  const about = { ...PLUGIN, folder: "/elsewhere/about" };
  const text = render({ shout: PLUGIN, about });
  assert.deepEqual(read(text).value, { shout: PLUGIN, about });
  assert.equal(render({ about, shout: PLUGIN }), text);
  const { plugins } = JSON.parse(text);
  assert.deepEqual(Object.keys(plugins), ["about", "shout"]);
  // A folder is named where it is not the usual one.
  assert.deepEqual([plugins.about.folder, plugins.shout.folder], ["/elsewhere/about", undefined]);
  assert.deepEqual(Object.keys(plugins.shout.files), ["manifest.json", "mod.ts"]);
});

Deno.test("a problem of a lock names the field, fit for a terminal", () => {
  const plugins = { "sh\u001b[2Jout": PLUGIN };
  const [problem] = read(JSON.stringify({ version: 1, plugins })).problems!;
  assert.equal(
    problem,
    '"plugins.sh\\x1b[2Jout" must be lower-case letters, digits, - and _, starting with a letter, got "sh\\u001b[2Jout"',
  );
});

Deno.test("a lock that is damaged anywhere is refused as a whole", () => {
  const file = PLUGIN.files["mod.ts"];
  const damages: (readonly [readonly string[], unknown])[] = [
    [["version"], 2],
    [["plugins"], []],
    [["plugins", "../up"], PLUGIN],
    [["plugins", "shout"], null],
    [["plugins", "shout", "reference"], 1],
    [["plugins", "shout", "folder"], ""],
    [["plugins", "shout", "folder"], "/"],
    [["plugins", "shout", "folder"], "/home/me"],
    [["plugins", "shout", "folder"], "/home/me/shout/.."],
    [["plugins", "shout", "files"], {}],
    [["plugins", "shout", "files", "../../x"], file],
    [["plugins", "shout", "files", "/x"], file],
    [["plugins", "shout", "files", "mod.ts", "sha256"], "0"],
    [["plugins", "shout", "files", "mod.ts", "size"], -1],
    [["plugins", "shout", "files", "mod.ts", "size"], "1"],
    [["plugins", "shout", "permissions", "net"], "all"],
    [["plugins", "shout", "packages", "x"], 1],
  ];
  for (const [path, value] of damages) {
    const lock = JSON.parse(render({ shout: PLUGIN }));
    const parent = path.slice(0, -1).reduce((record, key) => record[key], lock);
    parent[path.at(-1)!] = value;
    assert.ok(read(JSON.stringify(lock)).problems, `${path.join(".")} = ${JSON.stringify(value)}`);
  }
  const text = render({ shout: PLUGIN });
  for (let length = 0; length < text.length - 1; length++) assert.ok(read(text.slice(0, length)).problems);
});
