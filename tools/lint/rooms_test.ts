import assert from "node:assert/strict";
import { matches, mayImport, placeOf, ROOMS } from "./rooms.ts";

function allows(from: string, to: string, isTypeOnly = false): boolean {
  const place = placeOf(from);
  assert.ok(place?.room, `"${from}" stands in a room`);
  return mayImport(place, to, isTypeOnly);
}

Deno.test("a file is placed by its absolute name, its relative name and a Windows name", () => {
  const root = new URL("../../", import.meta.url);
  assert.equal(placeOf(new URL("src/core/scan/a.ts", root).pathname)?.room?.at, "src/core/scan/");
  assert.equal(placeOf("src/core/scan/a.ts")?.path, "src/core/scan/a.ts");
  assert.equal(placeOf("plugins\\hash\\mod.ts")?.room?.at, "plugins/*/");
});

Deno.test("a file outside the repository has no place", () => {
  assert.equal(placeOf("/somewhere/else/src/core/a.ts"), undefined);
  assert.equal(placeOf("C:\\somewhere\\else.ts"), undefined);
});

Deno.test("a pattern's star stays inside one name", () => {
  assert.equal(matches("wasm/*/mod.ts", "wasm/seven_zip/mod.ts"), true);
  assert.equal(matches("wasm/*/mod.ts", "wasm/seven_zip/deep/mod.ts"), false);
  assert.equal(matches("mod.ts", "mod_ts"), false);
  assert.equal(matches("src/core/", "src/core"), false);
});

const ALLOWED: readonly [string, string][] = [
  ["cli.ts", "src/cli/mod.ts"],
  ["mod.ts", "src/stoq.ts"],
  ["mod.ts", "src/plugin/define.ts"],
  ["src/cli/commands/scan.ts", "src/session.ts"],
  ["src/cli/commands/scan.ts", "src/host/deno.ts"],
  ["src/session.ts", "src/sandbox/mod.ts"],
  ["src/config/resolve.ts", "src/plugin/registry.ts"],
  ["src/config/mod.ts", "stoq.cfg"],
  ["src/sandbox/pool.ts", "src/core/contract/errors.ts"],
  ["src/plugin/registry.ts", "plugins/catalog.ts"],
  ["src/plugin/registry.ts", "src/plugin/manifest.ts"],
  ["src/host/deno.ts", "wasm/digest/mod.ts"],
  ["src/formats/pe/mod.ts", "src/formats/bytes.ts"],
  ["src/formats/pe/mod.ts", "src/core/contract/plain.ts"],
  ["src/yara/parser.ts", "src/core/contract/limits.ts"],
  ["src/yara/parser.ts", "src/formats/pe/mod.ts"],
  ["src/core/run/run.ts", "src/core/scan/scan.ts"],
  ["plugins/hash/mod.ts", "plugins/hash/manifest.json"],
  ["plugins/hash/mod.ts", "wasm/digest/mod.ts"],
  ["plugins/filedir/mod.ts", "src/plugin/kit/mod.ts"],
  ["src/plugin/kit/path.ts", "src/core/contract/printable.ts"],
  ["src/plugin/kit/path_test.ts", "src/plugin/kit/testing/files.ts"],
  ["plugins/peinfo/mod.ts", "src/formats/pe/mod.ts"],
  ["plugins/yara/mod.ts", "src/yara/mod.ts"],
  ["plugins/catalog.ts", "plugins/hash/mod.ts"],
  ["wasm/digest/mod.ts", "wasm/digest/core.wasm"],
  ["tools/generate.ts", "src/config/option_table.ts"],
  ["tests/cases_test.ts", "mod.ts"],
  ["tests/cases_test.ts", "src/plugin/kit/testing/faulty_storage.ts"],
  ["tests/cases_test.ts", "plugins/hash/manifest.json"],
  ["tests/bench/scan.ts", "wasm/yara_x/mod.ts"],
  ["src/core/scan/scan_test.ts", "src/host/memory.ts"],
  ["src/core/testing/fake_environment.ts", "src/host/testing/memory_files.ts"],
  ["tools/fuzz/main.ts", "src/deps/testing/fast_check.ts"],
];

const REFUSED: readonly [string, string][] = [
  ["cli.ts", "src/config/mod.ts"],
  ["mod.ts", "src/plugin/registry.ts"],
  ["mod.ts", "src/sandbox/mod.ts"],
  ["mod.ts", "src/config/stoq_options.ts"],
  ["src/cli/mod.ts", "plugins/hash/mod.ts"],
  ["src/stoq.ts", "src/cli/mod.ts"],
  ["src/config/resolve.ts", "src/sandbox/mod.ts"],
  ["src/sandbox/pool.ts", "src/config/mod.ts"],
  ["src/sandbox/pool.ts", "plugins/catalog.ts"],
  ["src/sandbox/pool.ts", "src/host/deno.ts"],
  ["src/plugin/lock.ts", "plugins/catalog.ts"],
  ["src/plugin/registry.ts", "plugins/hash/mod.ts"],
  ["src/core/scan/scan.ts", "src/host/deno.ts"],
  ["src/core/scan/scan.ts", "src/deps/valibot.ts"],
  ["src/host/deno.ts", "wasm/yara_x/mod.ts"],
  ["src/formats/pe/mod.ts", "src/core/scan/scan.ts"],
  ["src/formats/pe/mod.ts", "src/yara/mod.ts"],
  ["src/yara/parser.ts", "src/formats/pe/header.ts"],
  ["src/core/contract/plain.ts", "src/core/ports/log.ts"],
  ["src/core/ports/log.ts", "src/core/scan/scan.ts"],
  ["src/core/scan/scan.ts", "src/core/run/run.ts"],
  ["src/core/scan/scan.ts", "src/core/testing/fake_environment.ts"],
  ["src/deps/valibot.ts", "src/core/contract/limits.ts"],
  ["plugins/hash/mod.ts", "plugins/yara/mod.ts"],
  ["plugins/hash/mod.ts", "src/core/contract/limits.ts"],
  ["plugins/hash/mod.ts", "src/plugin/manifest.ts"],
  ["plugins/filedir/mod.ts", "src/plugin/kit/testing/files.ts"],
  ["src/core/scan/scan.ts", "src/core/scan/testing/fake.ts"],
  ["tests/cases_test.ts", "src/core/testing/fake_environment.ts"],
  ["src/plugin/kit/path.ts", "src/core/scan/scan.ts"],
  ["src/plugin/kit/path.ts", "src/plugin/manifest.ts"],
  ["plugins/hash/mod.ts", "wasm/digest/core.ts"],
  ["plugins/hash/mod.ts", "src/formats/pe/header.ts"],
  ["plugins/hash/mod.ts", "plugins/catalog.ts"],
  ["plugins/hash/mod.ts", "plugins/hash/mod_test.ts"],
  ["plugins/catalog.ts", "src/plugin/manifest.ts"],
  ["wasm/digest/mod.ts", "wasm/yara_x/mod.ts"],
  ["wasm/digest/mod.ts", "src/core/contract/limits.ts"],
  ["tests/cases_test.ts", "src/stoq.ts"],
  ["tests/cases_test.ts", "src/plugin/kit/storage.ts"],
  ["tests/cases_test.ts", "wasm/digest/mod.ts"],
  ["src/core/scan/scan.ts", "tests/cases.ts"],
  ["src/core/scan/scan.ts", "tools/ok.ts"],
  ["src/core/scan/scan.ts", "../elsewhere/mod.ts"],
];

for (const [from, to] of ALLOWED) {
  Deno.test(`${from} may import ${to}`, () => assert.equal(allows(from, to), true));
}
for (const [from, to] of REFUSED) {
  Deno.test(`${from} may not import ${to}`, () => assert.equal(allows(from, to), false));
}

Deno.test("types alone may cross where values may not", () => {
  assert.equal(allows("src/plugin/kit/path.ts", "src/core/ports/storage.ts", true), true);
  assert.equal(allows("plugins/catalog.ts", "src/plugin/manifest.ts", true), true);
  assert.equal(allows("mod.ts", "src/config/stoq_options.ts", true), true);
  assert.equal(allows("tests/cases_test.ts", "src/core/contract/contract.ts", true), true);
  assert.equal(allows("plugins/hash/mod.ts", "src/core/contract/contract.ts", true), false);
});

Deno.test("no room of the table hides a later one", () => {
  for (const room of ROOMS) {
    const sample = `${room.at.replaceAll("*", "x")}${room.at.endsWith("/") ? "file.ts" : ""}`;
    assert.equal(placeOf(sample)?.room?.at, room.at);
  }
});
