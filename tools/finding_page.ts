/**
 * Writes `docs/findings.md` from the findings that manifests declare, and from the codes of blind spots and errors.
 *
 * @module
 */

import { BLIND_SPOT_DOCS, ERROR_DOCS } from "../src/cli/code_docs.ts";
import type { Manifest } from "../src/plugin/manifest.ts";
import { readManifests } from "./catalog.ts";

const INTRODUCTION = `# Findings, blind spots and errors

Generated from the plugins' manifests and \`src/cli/code_docs.ts\` by \`deno task gen\`; do not edit. \`stoq explain CODE\` prints the same.

A finding is a fact about the bytes of a payload, with a reason. It does not say what the author intended. A blind spot is what the scan did not
look into: a response without findings is not clean where it has blind spots.
`;

/** Returns the page. @throws {AggregateError} as `readManifests` does */
export async function renderFindingPage(pluginsDir: URL): Promise<string> {
  const sections = (await readManifests(pluginsDir)).flatMap(pluginSection);
  return [
    INTRODUCTION,
    "## Findings\n",
    ...sections,
    `## Blind spots\n\n${
      codeList(BLIND_SPOT_DOCS)
    }\n\nThe code of a limit, \`limit-…\`, is a blind spot as well.\n`,
    `## Errors\n\nPlugins document further codes: see [plugins](plugins.md).\n\n${codeList(ERROR_DOCS)}\n`,
  ].join("\n");
}

function pluginSection({ name, findings = {} }: Manifest): string[] {
  return Object.entries(findings).map(([code, { title, severity, attack = [], doc, dynamic }]) => {
    const facts = [
      `\`${name}\``,
      dynamic ? `${severity}, unless the finding has its own severity` : severity,
      ...attack.map(attackLink),
    ];
    return `### ${code}\n\n${title}. ${facts.join(" · ")}\n\n${doc}\n`;
  });
}

function attackLink(id: string): string {
  return `[${id}](https://attack.mitre.org/techniques/${id.replace(".", "/")}/)`;
}

function codeList(docs: Readonly<Record<string, string>>): string {
  return Object.entries(docs).map(([code, doc]) => `- \`${code}\`: ${doc}`).join("\n");
}
