import assert from "node:assert/strict";
import { type LockedPlugin, readLock, renderLock } from "./lock.ts";

const SHA = "0123456789abcdef".repeat(4);

/** A plugin of two files. */
const PLUGIN: LockedPlugin = {
  reference: `https://example.org/mod.ts#sha256-${SHA}`,
  version: "1.0.0",
  folder: "/home/plugins/shout",
  permissions: { net: ["example.org"] },
  files: {
    "mod.ts": { source: "https://example.org/mod.ts", sourceSha256: SHA, sha256: SHA, size: 1 },
    "manifest.json": { source: undefined, sourceSha256: undefined, sha256: SHA, size: 2 },
  },
  packages: { "left-pad@1.3.0": "sha512-x" },
};

Deno.test("a lock is read as it was written, and equal locks are equal texts", () => {
  const text = renderLock({ shout: PLUGIN, about: PLUGIN });
  assert.deepEqual(readLock(text).lock, { shout: PLUGIN, about: PLUGIN });
  assert.equal(renderLock({ about: PLUGIN, shout: PLUGIN }), text);
  assert.deepEqual(Object.keys(JSON.parse(text).plugins), ["about", "shout"]);
  assert.deepEqual(Object.keys(JSON.parse(text).plugins.shout.files), ["manifest.json", "mod.ts"]);
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
    const lock = JSON.parse(renderLock({ shout: PLUGIN }));
    const parent = path.slice(0, -1).reduce((record, key) => record[key], lock);
    parent[path.at(-1)!] = value;
    assert.ok(readLock(JSON.stringify(lock)).problem, `${path.join(".")} = ${JSON.stringify(value)}`);
  }
  const text = renderLock({ shout: PLUGIN });
  for (let length = 0; length < text.length - 1; length++) assert.ok(readLock(text.slice(0, length)).problem);
});
