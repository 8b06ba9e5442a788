import assert from "node:assert/strict";
import { OutputGuard } from "./output_guard.ts";
import { temporaryFolder } from "./testing/files.ts";

function guardOf(paths: readonly string[]) {
  const lines: string[] = [];
  const guard = new OutputGuard(paths, { info: (line) => void lines.push(line) });
  return { guard, lines };
}

Deno.test("an output and what is below it are excluded, names that begin alike are not", async () => {
  await using folder = await temporaryFolder();
  const { guard } = guardOf([`${folder.path}/results`]);
  for (const path of ["results", "results/a", "results/a/b"]) {
    assert.equal(guard.excludes(`${folder.path}/${path}`), true, path);
  }
  for (const path of ["results.partial", "result", "in/results", ""]) {
    assert.equal(guard.excludes(`${folder.path}/${path}`), false, path);
  }
});

Deno.test("an output is logged once, however much of it is met", async () => {
  await using folder = await temporaryFolder();
  const outputs = [`${folder.path}/results`, `${folder.path}/archive`];
  const { guard, lines } = guardOf([...outputs, ...outputs]);
  for (const path of ["results", "results/a", "archive/x", "results/b"]) {
    guard.excludes(`${folder.path}/${path}`);
  }
  assert.deepEqual(lines, outputs.map((path) => `leave out "${path}": this run writes there`));
});

Deno.test("an output whose name is a link, now or later, is excluded where it really is", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/real/deep`, { recursive: true });
  await Deno.symlink(`${path}/real`, `${path}/link`);
  const { guard } = guardOf([`${path}/link/deep/not/yet`, `${path}/later`]);
  assert.equal(guard.excludes(`${path}/real/deep/not/yet/a`), true);
  assert.equal(guard.excludes(`${path}/real/deep/a`), false);
  await Deno.symlink(`${path}/real/deep`, `${path}/later`);
  guard.refresh();
  assert.equal(guard.excludes(`${path}/real/deep/a`), true);
});

Deno.test("a source in an output is refused with both names, one around it is not", async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  const { guard } = guardOf([`${path}/out`]);
  guard.checkSource(path, path);
  guard.checkSource(`${path}/output`, `${path}/output`);
  for (const source of [`${path}/out`, `${path}/out/in`]) {
    assert.throws(() => guard.checkSource(source, source), {
      code: "source-in-output",
      message:
        `source_dir must not be in a folder to which this run writes, got "${source}" in "${path}/out"`,
    });
  }
});
