import assert from "node:assert/strict";
import type { Role } from "../src/core/contract/contract.ts";
import type { Manifest } from "../src/plugin/manifest.ts";
import { moduleDocOf, renderPlugins, withPluginList } from "./plugin_pages.ts";
import { inTempDir } from "./temp_dir.ts";

const MANIFEST = {
  name: "noisy",
  version: "1.2.0",
  description: "Measures noise",
  roles: ["worker"],
  api: 2,
  options: {
    level: { type: "integer", default: 3, unit: "dB", doc: "Loudest | level" },
    mode: { type: "string", choices: ["a", "b"], doc: "How it measures" },
  },
  permissions: { net: ["example.org"] },
  media_types: ["audio/x-wav"],
  findings: {
    "too-loud": { title: "It is loud", severity: "low", attack: ["T1027"], doc: "Louder than allowed" },
  },
  summary: ["loudness"],
  references: ["https://example.org/spec"],
  limitations: ["reads mono alone"],
};
const MODULE = `/**
 * Worker: measures noise.
 *
 * Results: \`loudness\`, see {@linkcode measure}.
 *
 * @module
 */

export default 1;
`;
const RULES = `private rule own { condition: true }
rule sound { meta: plugin = "noisy" description = "WAV file" condition: own }`;

async function pageOf(manifest: unknown): Promise<string> {
  return await inTempDir(async (dir) => {
    const folder = new URL("noisy/", dir);
    await Deno.mkdir(folder);
    await Deno.writeTextFile(new URL("manifest.json", folder), JSON.stringify(manifest));
    await Deno.writeTextFile(new URL("mod.ts", folder), MODULE);
    await Deno.writeTextFile(new URL("dispatch.yar", folder), RULES);
    return await renderPlugins(dir);
  });
}

Deno.test("a plugin's section has all that its folder declares", async () => {
  const page = await pageOf(MANIFEST);
  assert.equal(
    page.slice(page.indexOf("## noisy")),
    `## noisy

Measures noise. Version 1.2.0; roles: worker; first in reports: \`loudness\`.

Worker: measures noise.

Results: \`loudness\`, see \`measure\`.

### Findings

| code | severity | title | meaning |
| --- | --- | --- | --- |
| \`too-loud\` | low | It is loud | Louder than allowed (ATT&CK T1027) |

### Options

| option | type | default | meaning |
| --- | --- | --- | --- |
| \`level\` | integer, dB | \`3\` | Loudest \\| level |
| \`mode\` | a, b |  | How it measures |

### Permissions

- net: \`example.org\`

### Media types

\`audio/x-wav\`

### Dispatched by the shipped rules

- \`sound\`: WAV file

### Limitations

- reads mono alone

### References

- <https://example.org/spec>
`,
  );
});

Deno.test("a module without a comment has no doc", () =>
  assert.equal(moduleDocOf("export default 1;\n"), ""));

Deno.test("the README has the names of the plugins by their roles", () => {
  const readme = "# R\n\n<!-- Generated from plugins/*/manifest.json by deno task gen -->\n<!-- End -->\n";
  const manifest = (name: string, roles: readonly Role[]): Manifest => ({
    name,
    roles,
    version: "1.0.0",
    description: "For tests",
    api: 1,
  });
  const page = withPluginList(readme, [manifest("a", ["worker", "connector"]), manifest("b", ["worker"])]);
  assert.deepEqual(page.match(/^- .*$/gm), [
    "- worker: [`a`](docs/plugins.md#a), [`b`](docs/plugins.md#b)",
    "- connector: [`a`](docs/plugins.md#a)",
  ]);
});
