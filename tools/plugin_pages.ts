/**
 * Writes `docs/plugins.md` from manifests, dispatch rules and module docs, and the list of plugins in the README.
 *
 * @module
 */

import { ROLES } from "../src/core/contract/contract.ts";
import type { Manifest, OptionDeclaration } from "../src/plugin/manifest.ts";
import { parseRuleFile } from "../src/yara/mod.ts";
import { readManifests } from "./catalog.ts";
import { DISPATCH_FILE } from "./dispatch_rules.ts";
import { withGeneratedBlock } from "./generated_block.ts";
import { readOptionalText } from "./optional_text.ts";

const INTRODUCTION = `# Plugins

Generated from the plugins' manifests, dispatch rules and module docs by \`deno task gen\`; do not edit.

Set an option in \`stoq.cfg\`, in a section of the plugin's name, or on the command line with
\`--plugin-opts plugin:option=value\`. [Options of stoQ itself](options.md).
`;

/** Returns the page. @throws {AggregateError} as `readManifests` does */
export async function renderPlugins(pluginsDir: URL): Promise<string> {
  const manifests = await readManifests(pluginsDir);
  const sections = await Promise.all(manifests.map(async (manifest) => {
    const folder = new URL(`${manifest.name}/`, pluginsDir);
    const doc = moduleDocOf(await Deno.readTextFile(new URL("mod.ts", folder)));
    const rules = await readOptionalText(new URL(DISPATCH_FILE, folder)) ?? "";
    return sectionOf(manifest, doc, rules);
  }));
  return [INTRODUCTION, ...sections].join("\n");
}

/** Returns the README with the names of the plugins by their roles. */
export function withPluginList(readme: string, manifests: readonly Manifest[]): string {
  const lines = ROLES.map((role) => {
    const names = manifests.filter(({ roles }) => roles.includes(role)).map(({ name }) => name);
    return names.length === 0
      ? []
      : [`- ${role}: ${names.map((name) => `[\`${name}\`](docs/plugins.md#${name})`).join(", ")}`];
  });
  return withGeneratedBlock(readme, "plugins/*/manifest.json", lines.flat().join("\n"));
}

/** Returns the text of the comment at a module's start, without tags. */
export function moduleDocOf(source: string): string {
  const comment = /^\/\*\*\n(.*?)^ \*\/$/ms.exec(source)?.[1] ?? "";
  return comment.replaceAll(/^ \* ?/gm, "").replace(/^@module\n/m, "")
    .replaceAll(/\{@link(?:code)? (\S+?)\}/g, "`$1`").trim();
}

function sectionOf(manifest: Manifest, doc: string, rules: string): string {
  const { name, version, description, roles, references = [], limitations = [] } = manifest;
  const facts = [
    `version ${version}`,
    `roles: ${roles.join(", ")}`,
    ...(manifest.requires ? [`runs after ${manifest.requires.map(code).join(", ")}`] : []),
    ...(manifest.summary ? [`first in reports: ${manifest.summary.map(code).join(", ")}`] : []),
    ...(manifest.needs ? [`is given: ${manifest.needs.join(", ")}`] : []),
  ];
  return [
    `## ${name}\n\n${description}. ${upperFirst(facts.join("; "))}.\n\n${doc}\n`,
    ...table("Findings", ["code", "severity", "title", "meaning"], findingRows(manifest)),
    ...table(
      "Options",
      ["option", "type", "default", "meaning"],
      Object.entries(manifest.options ?? {}).map(optionRow),
    ),
    ...list("Permissions", permissionsOf(manifest)),
    ...paragraph("Media types", manifest.media_types ?? []),
    ...list("Dispatched by the shipped rules", routesOf(rules)),
    ...list("Limitations", limitations),
    ...list("References", references.map((url) => `<${url}>`)),
  ].join("\n");
}

function findingRows({ findings = {} }: Manifest): string[][] {
  return Object.entries(findings).map(([key, { title, severity, attack, doc, dynamic }]) => [
    code(key),
    dynamic ? `${severity}, or as reported` : severity,
    title,
    attack ? `${doc} (ATT&CK ${attack.join(", ")})` : doc,
  ]);
}

function optionRow([name, option]: readonly [string, OptionDeclaration]): string[] {
  const { type, default: byDefault, unit, choices, doc, required_for: requiredFor } = option;
  const kind = choices ? choices.join(", ") : unit ? `${type}, ${unit}` : type;
  const text = byDefault === undefined
    ? ""
    : typeof byDefault === "string"
    ? byDefault
    : JSON.stringify(byDefault);
  const required = requiredFor ? `; required for ${requiredFor.join(", ")}` : "";
  return [code(name), kind, text === "" ? "" : code(text), doc + required];
}

function permissionsOf({ permissions = {} }: Manifest): string[] {
  return Object.entries(permissions).map(([kind, entries]) => `${kind}: ${entries.map(code).join(", ")}`);
}

function routesOf(rules: string): string[] {
  return parseRuleFile(rules).rules.filter(({ isPrivate }) => !isPrivate).map(({ name, meta }) => {
    const description = meta.find((entry) => entry.name === "description")?.value;
    return `${code(name)}: ${description}`;
  });
}

function table(title: string, columns: readonly string[], rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const lines = [columns, columns.map(() => "---"), ...rows].map((cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
  );
  return [`### ${title}\n\n${lines.join("\n")}\n`];
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`### ${title}\n\n${items.map((item) => `- ${item}`).join("\n")}\n`];
}

function paragraph(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`### ${title}\n\n${names.map(code).join(", ")}\n`];
}

function code(text: string): string {
  return `\`${text}\``;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
