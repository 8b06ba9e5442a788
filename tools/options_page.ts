/**
 * Writes the page of options.
 *
 * @module
 */

import { commandsOf, OPTION_ENTRIES, type OptionKey, type OptionRecord } from "../src/config/option_table.ts";
import { defaultText, describeOption } from "../src/config/option_text.ts";
import { snakeCase } from "../src/plugin/option_name.ts";
import { PERMISSIONS } from "../src/plugin/permission.ts";

const INTRODUCTION = `# Options

Generated from the option table by \`deno task gen\`; do not edit. [Options of the shipped plugins](plugins.md).

A value is taken from the first of these that has one: the library's constructor, a flag, the environment variable
\`STOQ_<OPTION>\`, \`stoq.cfg\`, the default. Sizes may have a unit (\`50 MB\` is 50 × 10^6 bytes, \`1 GiB\` is 2^30), times are in
seconds, and a limit may be \`unlimited\`. Lists are separated by commas. If the constructor or a flag names a plugin of any role, the
plugin lists of the environment and of \`stoq.cfg\` are ignored.
`;

const SANDBOX = `## stoq.cfg, section [sandbox]

Keys are \`PLUGIN.KEY\`; on the command line \`--sandbox PLUGIN:KEY=VALUE\`, in the constructor \`sandbox: { plugin: { key: value } }\`.

| key | value |
| --- | --- |
| ${
  PERMISSIONS.map((permission) => `\`${permission}\``).join(", ")
} | \`none\`, \`asked\`, a list that replaces what the manifest requests, or a list of \`+entry\` that is added to it; \`\${option}\` is the value of an option |
| \`permissions\` | \`none\` or \`asked\`, for all kinds without a key of their own |
| \`isolation\` | \`process\` or \`none\` |
`;

/** The text of the page. */
export function renderOptionsPage(): string {
  return [
    INTRODUCTION,
    section("stoq.cfg, section [core]", (record) => record.section === "core"),
    section("stoq.cfg, section [limits]", (record) => record.section === "limits"),
    SANDBOX,
    section("Flags of a single run", (record) => record.section === undefined),
  ].join("\n");
}

function section(title: string, isIn: (record: OptionRecord) => boolean): string {
  const rows = OPTION_ENTRIES.filter(([, record]) => isIn(record)).map(([key, record]) =>
    optionRow(key, record)
  );
  return `## ${title}\n\n| option | flag | in | default | meaning |\n| --- | --- | --- | --- | --- |\n${
    rows.join("\n")
  }\n`;
}

function optionRow(key: OptionKey, record: OptionRecord): string {
  const { flag, unsetDoc = "" } = record;
  const flags = flag ? `${flag.short ? `\`-${flag.short}\` ` : ""}\`--${flag.long}\`` : "";
  const commands = flag ? commandsOf(record).map((command) => `\`${command}\``).join(" ") : "";
  const text = defaultText(record);
  const cells = [
    `\`${snakeCase(key)}\``,
    flags,
    commands,
    text === "" ? unsetDoc : `\`${text}\``,
    describeOption(record),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
