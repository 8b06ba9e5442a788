/**
 * Follows the instructions of a page, and compares what commands print with what the page shows.
 *
 * The words behind a fence's language say what a block is: a path is a file to write, `output` is what the commands before it print,
 * `asks` is a command that asks on a terminal and fails without one, `refused` is a command that exits with 2, and `ignore` is not run.
 * In outputs `…` stands for any text, and each time and each id of a scan for any other.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { PluginServer } from "./plugin_server.ts";
import { CLI, type TempFolder } from "./run_stoq.ts";

/** Where the reader of a page publishes. */
export const PUBLISHED = "https://example.org";

/** A reader sits at a terminal, where a scan prints its report. */
const PRELUDE = `
stoq() {
  word=$1; shift
  if [ "$word" = scan ]; then set -- "$@" --format text; fi
  "$DENO" run -A --no-check "$CLI" "$word" "$@"
}
deno() {
  if [ "$1 $2 $3" != "run -A cli.ts" ]; then echo "not a command of stoq: deno $*"; return 3; fi
  shift 3; stoq "$@"
}`;

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly words: string;
  readonly text: string;
}

/** Returns the fenced blocks of a page. */
export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)].map(
    ([, language, words, text]) => ({ language: language!, words: words!, text: text! }),
  );
}

/** Writes the files and runs the commands of a page in a folder. @returns how many outputs were compared */
export async function followPage(
  blocks: readonly Block[],
  folder: TempFolder,
  server?: PluginServer,
): Promise<number> {
  let printed = "";
  let compared = 0;
  for (const { language, words, text } of blocks) {
    if (words === "output") {
      assert.match(evenly(printed), patternOf(text), `the page shows:\n${text}\nbut it is:\n${printed}`);
      compared++;
    } else if (isPath(words)) {
      folder.write(words, text);
      server?.files.set(`/${words}`, text);
    } else if (language === "sh" && words !== "ignore") {
      const run = await runIn(folder, server ? text.replaceAll(PUBLISHED, server.origin) : text);
      printed = server ? run.printed.replaceAll(server.origin, PUBLISHED) : run.printed;
      assert.equal(run.code, ["asks", "refused"].includes(words) ? 2 : 0, `${text}\n${printed}`);
    }
  }
  return compared;
}

function isPath(words: string): boolean {
  return /^[\w/]+\.\w+$/.test(words);
}

/** Runs commands up to the first that fails. */
async function runIn(folder: TempFolder, script: string): Promise<{ code: number; printed: string }> {
  const { code, stdout } = await new Deno.Command("sh", {
    args: ["-ec", `exec 2>&1\n${PRELUDE}\n${script}`],
    cwd: folder.path,
    env: { DENO: Deno.execPath(), CLI: CLI.href, STOQ_HOME: folder.at("home"), NO_COLOR: "1" },
    stdin: "null",
    stderr: "null",
  }).output();
  return { code, printed: new TextDecoder().decode(stdout) };
}

/** How wide columns are and where lines are broken depends on the paths in them. Times and ids differ in each scan. */
function evenly(text: string): string {
  return text.replace(/\s+/g, " ").trim()
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, "TIME").replace(/\bscan [0-9a-f]{8}\b/g, "scan ID");
}

function patternOf(shown: string): RegExp {
  return new RegExp(`^${evenly(shown).split("…").map(RegExp.escape).join(".*?")}$`);
}
