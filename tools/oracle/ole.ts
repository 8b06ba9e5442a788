/**
 * Compares `src/formats/ole` with `olefile` of Python.
 *
 * `deno run -A tools/oracle/ole.ts` writes what olefile finds in the samples to `src/formats/ole/testdata/olefile.json`.
 * `deno run -A tools/oracle/ole.ts FOLDER` prints for the files below a folder where the two differ.
 *
 * @module
 */

import { parseOle } from "../../src/formats/ole/mod.ts";
import { oleAnswers } from "../../src/formats/ole/testing/ole_answers.ts";
import { OLE_SAMPLES } from "../../src/formats/ole/testing/ole_samples.ts";

const SCRIPT = new URL("./olefile_answers.py", import.meta.url);
const GOLDEN = new URL("../../src/formats/ole/testdata/olefile.json", import.meta.url);

async function askOlefile(folder: string): Promise<string> {
  const { success, stdout } = await new Deno.Command("python3", {
    args: [SCRIPT.pathname, folder],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("olefile_answers.py failed: is olefile installed?");
  return new TextDecoder().decode(stdout);
}

const [folder] = Deno.args;
if (folder === undefined) {
  const samples = await Deno.makeTempDir();
  for (const [name, content] of Object.entries(OLE_SAMPLES)) {
    await Deno.writeFile(`${samples}/${name}`, content);
  }
  await Deno.writeTextFile(
    GOLDEN,
    `${JSON.stringify(JSON.parse(await askOlefile(samples)), undefined, 2)}\n`,
  );
  await Deno.remove(samples, { recursive: true });
} else {
  const { files } = JSON.parse(await askOlefile(folder));
  let same = 0;
  for (const [name, expected] of Object.entries(files)) {
    const file = parseOle(await Deno.readFile(`${folder}/${name}`));
    const own = JSON.stringify(file && await oleAnswers(file));
    if (own === JSON.stringify(expected)) same++;
    else console.log(`${name}\n  olefile: ${JSON.stringify(expected)}\n  stoQ:    ${own}`);
  }
  console.log(`${same} of ${Object.keys(files).length} files are the same`);
}
