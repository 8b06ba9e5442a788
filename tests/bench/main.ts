/**
 * `deno task bench`: every benchmark, one after the other, each in a process of its own. Or those whose names hold a word.
 *
 * @module
 */

const FOLDER = new URL("./", import.meta.url);

const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) =>
  name.endsWith("_bench.ts")
).sort();
const wanted = names.filter((name) =>
  Deno.args.length === 0 || Deno.args.some((word) => name.includes(word))
);
for (const name of wanted) {
  console.log(`\n== ${name}`);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL(name, FOLDER).href],
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) Deno.exitCode = 1;
}
