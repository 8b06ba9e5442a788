/**
 * Follows the instructions of the README, and looks for the files that pages name.
 *
 * @module
 */

import assert from "node:assert/strict";
import { blocksOf, followPage } from "./documented_page.ts";
import { TempFolder } from "./run_stoq.ts";

const ROOT = new URL("../", import.meta.url);

/** Files of the checkout that the commands of the README name. */
const NAMED = ["README.md", "tests/cases/nested_archives/input.tar.gz", "plugins/yara/rules/stoq.yar"];

const PAGES = [
  "README.md",
  "CHANGELOG.md",
  "NOTICE.md",
  ".github/ARCHITECTURE.md",
  ".github/CONTRIBUTING.md",
  ...[...Deno.readDirSync(new URL("docs/", ROOT))].map(({ name }) => `docs/${name}`).sort(),
];

Deno.test("the README's files do under the README's commands what the README shows", async () => {
  using folder = new TempFolder();
  for (const path of NAMED) folder.write(path, Deno.readFileSync(new URL(path, ROOT)));
  const compared = await followPage(blocksOf(textOf("README.md")), folder);
  assert.ok(compared > 0, "no output was compared");
  assert.equal([...Deno.readDirSync(folder.at("results"))].length, 1);
});

for (const page of PAGES) {
  Deno.test(`every link of ${page} leads to a file and a heading`, () => {
    for (const [, target] of withoutCode(textOf(page)).matchAll(/\]\(([^()\s]+)\)/g)) {
      const url = new URL(target!, new URL(page, ROOT));
      if (url.protocol !== "file:") continue;
      const heading = url.hash.slice(1);
      url.hash = "";
      assert.ok(exists(url), `${target} is no file`);
      if (heading !== "") {
        assert.ok(headingsOf(Deno.readTextFileSync(url)).includes(heading), `${target} is no heading`);
      }
    }
  });
}

/** Folders whose files `.github/ARCHITECTURE.md` names without a path. */
const SOURCES = ["src", "plugins", "wasm", "tools", "tests", ".github"];

Deno.test("every file and folder that ARCHITECTURE names in its text is there", () => {
  const paths = SOURCES.flatMap((folder) => [...pathsBelow(`${folder}/`)]);
  const prose = textOf(".github/ARCHITECTURE.md").replace(/<!-- Generated[^]*?<!-- End -->/, "");
  const named = [...prose.matchAll(/`([\w./]+)`/g)].map(([, name]) => name!)
    .filter((name) => name.includes("/") || /\.(?:ts|json|yar)$/.test(name));
  assert.ok(named.length > 40, `only ${named.length} names were found`);
  for (const name of new Set(named)) {
    const isThere = exists(new URL(name, ROOT)) || paths.some((path) => path.endsWith(`/${name}`));
    assert.ok(isThere, `${name} is neither a file nor a folder`);
  }
});

function* pathsBelow(folder: string): Iterable<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, ROOT))) {
    yield folder + name;
    if (isDirectory) yield* pathsBelow(`${folder}${name}/`);
  }
}

function textOf(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

function withoutCode(text: string): string {
  return text.replace(/^```[^]*?^```$/gm, "");
}

/** The fragments by which GitHub knows the headings of a page. */
function headingsOf(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-")
  );
}

function exists(url: URL): boolean {
  try {
    return Deno.statSync(url) !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
