import assert from "node:assert/strict";
import { countTests, runGate, type Step, stepsFor } from "./ok.ts";
import { inTempDir } from "./temp_dir.ts";

const ROOT = new URL("../", import.meta.url);

/** Runs a gate whose steps print what is given and fail where they should. */
async function gate(steps: readonly (Omit<Step, "args"> & { prints: string; fails?: boolean })[]) {
  const lines: string[] = [];
  const isFine = await runGate(
    steps.map(({ prints, fails, ...step }) => ({
      ...step,
      args: ["eval", `console.log(${JSON.stringify(prints)}); Deno.exitCode = ${fails ? 1 : 0};`],
    })),
    ROOT,
    (line) => lines.push(line.replace(/\(\d+\.\d s\)/, "(time)")),
  );
  return { isFine, lines };
}

Deno.test("a gate that is passed writes a line for each step and the number of tests", async () => {
  const steps = [{ name: "lint", prints: "quiet" }, {
    name: "tests",
    runsTests: true,
    prints: "ok | 3 passed | 0 failed (1ms)",
  }];
  assert.deepEqual(await gate(steps), {
    isFine: true,
    lines: ["ok lint (time)", "ok tests (time)", "3 passed, 0 failed"],
  });
});

Deno.test("a failed step is shown with its output, stops nothing and fails the gate", async () => {
  const steps = [
    { name: "lint", prints: "line 1 is wrong", fails: true },
    { name: "tests", runsTests: true, prints: "ok | 3 passed | 0 failed (1ms)" },
  ];
  assert.deepEqual(await gate(steps), {
    isFine: false,
    lines: ["FAILED lint (time)", "line 1 is wrong", "ok tests (time)", "3 passed, 0 failed"],
  });
});

Deno.test("tests that fail, that do not run and that are none fail the gate", async () => {
  const failed = await gate([{
    name: "tests",
    runsTests: true,
    prints: "FAILED | 2 passed | 1 failed (1ms)",
    fails: true,
  }]);
  assert.deepEqual([failed.isFine, failed.lines.at(-1)], [false, "2 passed, 1 failed"]);
  const unrun = await gate([{
    name: "tests",
    runsTests: true,
    prints: "error: Type checking failed",
    fails: true,
  }]);
  assert.deepEqual([unrun.isFine, unrun.lines.at(-1)], [false, "0 passed, 1 failed"]);
  const none = await gate([{ name: "tests", runsTests: true, prints: "ok | 0 passed | 0 failed (0ms)" }]);
  assert.deepEqual([none.isFine, none.lines.at(-1)], [false, "0 passed, 1 failed"]);
  const absent = await gate([{ name: "lint", prints: "" }]);
  assert.deepEqual([absent.isFine, absent.lines.at(-1)], [false, "0 passed, 1 failed"]);
});

Deno.test("the last line sums the tests of all layers", async () => {
  const steps = [
    { name: "slow tests", runsTests: true, prints: "FAILED | 2 passed | 1 failed (1ms)", fails: true },
    { name: "tests", runsTests: true, prints: "ok | 3 passed | 0 failed (1ms)" },
  ];
  const { isFine, lines } = await gate(steps);
  assert.deepEqual([isFine, lines.at(-1)], [false, "5 passed, 1 failed"]);
});

Deno.test("colours hide no summary", async () => {
  const { lines } = await gate([{
    name: "tests",
    runsTests: true,
    prints: "\u001b[32mok\u001b[0m | 3 passed | 0 failed",
  }]);
  assert.equal(lines.at(-1), "3 passed, 0 failed");
});

Deno.test("the count is read from the last summary, with steps and ignored tests in it", () => {
  const output =
    "a test prints\nok | 9 passed | 9 failed (1s)\nend\nFAILED | 20 passed (1 step) | 2 failed | 1 ignored (1s)\n";
  assert.deepEqual(countTests(output, false), { passed: 20, failed: 2 });
  assert.deepEqual(countTests("ok | 5 passed | 0 failed (1s)", false), { passed: 5, failed: 1 });
  assert.deepEqual(countTests("  ok | 5 passed | 0 failed (1s)", true), { passed: 0, failed: 1 });
});

Deno.test("the steps name every plugin and every core that can be rebuilt", async () => {
  await inTempDir(async (root) => {
    for (
      const path of [
        "plugins/b/mod.ts",
        "plugins/a/mod.ts",
        "plugins/c/manifest.json",
        "wasm/x/build.ts",
        "wasm/y/mod.ts",
      ]
    ) {
      await Deno.mkdir(new URL("./", new URL(path, root)), { recursive: true });
      await Deno.writeTextFile(new URL(path, root), "");
    }
    const steps = await stepsFor(root);
    const argsOf = (name: string) => steps.find((step) => step.name === name)?.args ?? [];
    assert.deepEqual(argsOf("types without configuration").slice(-2), [
      "plugins/a/mod.ts",
      "plugins/b/mod.ts",
    ]);
    assert.deepEqual(argsOf("no import map").slice(-2), ["plugins/a/mod.ts", "plugins/b/mod.ts"]);
    assert.deepEqual(argsOf("rebuild of wasm/x/build.ts"), [
      "run",
      "-A",
      "--no-config",
      "--lock=wasm/x/build.lock",
      "--frozen",
      "wasm/x/build.ts",
      "--check",
    ]);
    assert.equal(steps.filter(({ name }) => name.startsWith("rebuild")).length, 1);
    assert.equal(steps.at(-1)?.name, "tests");
  });
});

Deno.test("the steps of a folder without plugins and cores are the others", async () => {
  await inTempDir(async (root) => assert.equal((await stepsFor(root)).at(-1)?.name, "tests"));
});
