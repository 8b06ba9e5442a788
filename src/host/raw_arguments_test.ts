import assert from "node:assert/strict";
import { rawArguments } from "./raw_arguments.ts";

/** Runs a program whose last words a shell makes, and returns what it prints. */
async function printed(code: string, words: string, flags = "-A"): Promise<unknown> {
  const url = new URL("./raw_arguments.ts", import.meta.url).href;
  const program = `import { rawArguments } from "${url}"; console.log(JSON.stringify(${code}));`;
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", `"$@" ${words}`, "sh", Deno.execPath(), "run", "--no-config", ...flags.split(" ")].concat(
      `data:text/typescript,${encodeURIComponent(program)}`,
    ),
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  return JSON.parse(new TextDecoder().decode(stdout));
}

const WORDS = `"$(printf 'a\\377')" "" "$(printf 'a\\376\\nb')" "$(printf '\\357\\277\\275')" plain`;

Deno.test({
  name: "words that read alike are distinguished by their bytes",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const raw = ["a\udcff", "", "a\udcfe\nb", "\ufffd", "plain"];
    assert.deepEqual(await printed("rawArguments(Deno.args)", WORDS), raw);
    assert.deepEqual(await printed("rawArguments(Deno.args.slice(2))", WORDS), raw.slice(2));
  },
});

Deno.test({
  name: "words that can't be read, or are not those of the process, stay as they are",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const lossy = ["a\ufffd", "", "a\ufffd\nb", "\ufffd", "plain"];
    assert.deepEqual(await printed("rawArguments(Deno.args)", WORDS, "--allow-read --allow-import"), lossy);
    assert.deepEqual(await printed("rawArguments(Deno.args.slice(0, 2))", WORDS), lossy.slice(0, 2));
    assert.deepEqual(rawArguments(["\ufffd"]), ["\ufffd"]);
    assert.deepEqual(rawArguments([]), []);
  },
});
