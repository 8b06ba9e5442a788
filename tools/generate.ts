/**
 * `deno task gen` writes the files that are made from other files; with `--check` it only names those that are stale.
 *
 * @module
 */

import { readManifests, renderCatalog } from "./catalog.ts";
import { renderCompiledRules } from "./compiled_rules.ts";
import { renderDispatchRules } from "./dispatch_rules.ts";
import { renderOptionsPage } from "./options_page.ts";
import { readOptionalText } from "./optional_text.ts";
import { renderFindingPage } from "./finding_page.ts";
import { renderPluginApiFiles } from "./plugin_api_files.ts";
import { renderCaseSchema, renderManifestSchema, renderManifestTypes } from "./json_schema.ts";
import { renderPlugins, withPluginList } from "./plugin_pages.ts";
import { withRoomsTable } from "./rooms_table.ts";
import { renderCfg } from "./stoq_cfg.ts";
import { renderStoqOptions } from "./stoq_options.ts";

/** A file that is written by this program alone. */
export interface GeneratedFile {
  /** From the repository's root. */
  readonly path: string;
  /** Its text; what `deno fmt` knows is formatted afterwards. */
  readonly render: (root: URL) => string | Promise<string>;
}

type OfFolder = (folder: URL) => string | Promise<string>;

/** Renders from the folder of plugins. */
const ofPlugins = (render: OfFolder) => (root: URL) => render(new URL("plugins/", root));

/** All of them; a further one is a line here. */
export const GENERATED_FILES: readonly GeneratedFile[] = [
  { path: "plugins/catalog.ts", render: ofPlugins(renderCatalog) },
  { path: "plugins/yara/rules/dispatcher.yar", render: ofPlugins(renderDispatchRules) },
  {
    path: "plugins/yara/rules/dispatcher.compiled.txt",
    render: ofPlugins(async (folder) =>
      renderCompiledRules("dispatch_rules", await renderDispatchRules(folder))
    ),
  },
  {
    path: "plugins/yara/rules/stoq.compiled.txt",
    render: ofPlugins(async (folder) =>
      renderCompiledRules("worker_rules", await Deno.readTextFile(new URL("yara/rules/stoq.yar", folder)))
    ),
  },
  {
    path: "src/cli/installing/plugin_api_files.ts",
    render: (root) => renderPluginApiFiles(new URL("src/", root)),
  },
  { path: "src/plugin/case.schema.json", render: renderCaseSchema },
  { path: "src/plugin/manifest.schema.json", render: renderManifestSchema },
  { path: "src/plugin/manifest.ts", render: renderManifestTypes },
  { path: "src/config/stoq_options.ts", render: renderStoqOptions },
  { path: "stoq.cfg", render: renderCfg },
  { path: "docs/options.md", render: renderOptionsPage },
  { path: "docs/findings.md", render: ofPlugins(renderFindingPage) },
  { path: "docs/plugins.md", render: ofPlugins(renderPlugins) },
  {
    path: "README.md",
    render: ofPlugins(async (folder) =>
      withPluginList(await Deno.readTextFile(new URL("../README.md", folder)), await readManifests(folder))
    ),
  },
  {
    path: ".github/ARCHITECTURE.md",
    render: async (root) => withRoomsTable(await Deno.readTextFile(new URL(".github/ARCHITECTURE.md", root))),
  },
];

/** Brings the files up to date, or with `isCheck` leaves them; returns the paths of those that were stale. */
export async function generate(
  root: URL,
  isCheck: boolean,
  files: readonly GeneratedFile[] = GENERATED_FILES,
): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, render } of files) {
    const text = await format(path, await render(root));
    const target = new URL(path, root);
    if (await readOptionalText(target) === text) continue;
    stale.push(path);
    if (!isCheck) await Deno.writeTextFile(target, text);
  }
  return stale;
}

const FORMATTED = /\.(ts|md|json)$/;

/** Formats with `deno fmt` itself, so that its check agrees with any configuration. */
async function format(path: string, text: string): Promise<string> {
  const extension = FORMATTED.exec(path)?.[1];
  if (extension === undefined) return text;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", `--ext=${extension}`, "-"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const [output] = await Promise.all([
    child.output(),
    writer.write(new TextEncoder().encode(text)).then(() => writer.close()),
  ]);
  if (!output.success) {
    throw new Error(`Cannot format "${path}": ${new TextDecoder().decode(output.stderr)}`);
  }
  return new TextDecoder().decode(output.stdout);
}

const ROOT = new URL("../", import.meta.url);

async function main(isCheck: boolean): Promise<void> {
  try {
    const stale = await generate(ROOT, isCheck);
    for (const path of stale) {
      console.log(isCheck ? `${path} is stale: run deno task gen` : `${path} written`);
    }
    if (isCheck && stale.length > 0) Deno.exitCode = 1;
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    console.error(error.message);
    Deno.exitCode = 1;
  }
}

if (import.meta.main) await main(Deno.args.includes("--check"));
