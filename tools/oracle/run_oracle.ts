/**
 * Compares a parser of `src/formats` with another program that reads the format, by a Python script that prints JSON.
 *
 * A script gets a folder and prints `{ tool, version, files: { name: answer } }`, an answer for each file of its format.
 *
 * @module
 */

/** A parser, and the program that it is compared with. */
export interface Oracle {
  /** The script's name in this folder. */
  readonly script: string;
  /** The parser's folder in `src/formats`. */
  readonly format: string;
  /** Files whose answers are committed as `testdata/<tool>.json`. */
  readonly samples: Readonly<Record<string, Uint8Array>>;
  /** Answer of our parser in the script's form; undefined: the file is of another format. */
  readonly answer: (content: Uint8Array) => unknown;
}

interface Answers {
  readonly tool: string;
  readonly version: string;
  readonly files: Readonly<Record<string, unknown>>;
}

/** Without arguments writes the golden file; with a folder prints the files below it about which the two differ. */
export async function runOracle(oracle: Oracle, [folder]: readonly string[]): Promise<void> {
  if (folder === undefined) await writeGolden(oracle);
  else await compareFolder(oracle, folder);
}

async function writeGolden(oracle: Oracle): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(oracle.samples)) {
      await Deno.writeFile(`${folder}/${name}`, content);
    }
    const answers = await askScript(oracle, folder);
    const golden = new URL(
      `../../src/formats/${oracle.format}/testdata/${answers.tool}.json`,
      import.meta.url,
    );
    await Deno.writeTextFile(golden, `${JSON.stringify(answers, undefined, 2)}\n`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function compareFolder(oracle: Oracle, folder: string): Promise<void> {
  const { tool, version, files } = await askScript(oracle, folder);
  let same = 0;
  for (const [name, expected] of Object.entries(files)) {
    const own = JSON.stringify(await oracle.answer(await Deno.readFile(`${folder}/${name}`)));
    if (own === JSON.stringify(expected)) same++;
    else console.log(`${name}\n  ${tool}: ${JSON.stringify(expected)}\n  stoQ: ${own}`);
  }
  console.log(`${same} of ${Object.keys(files).length} files are as ${tool} ${version} reads them`);
}

async function askScript({ script }: Oracle, folder: string): Promise<Answers> {
  const { success, stdout } = await new Deno.Command("python3", {
    args: [new URL(script, import.meta.url).pathname, folder],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${script} failed; its first lines say what it needs`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
