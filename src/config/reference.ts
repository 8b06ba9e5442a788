/**
 * Writes the reference page: every option of stoQ.
 *
 * @module
 */

import { PERMISSIONS } from "../plugin/permission.ts";
import { defaultText } from "./cfg_writer.ts";
import { snakeCase } from "../plugin/option_name.ts";
import { commandsOf, OPTION_ENTRIES, type OptionKey, type OptionRecord } from "./option_table.ts";

const INTRODUCTION = `# Options

Generated from the option table by \`deno task gen\`; do not edit.

A value comes from the first of these that has one: the library's constructor, a flag, the environment variable
\`STOQ_<OPTION>\`, \`stoq.cfg\`, the default. Sizes may have a unit (\`50 MB\`, of 10^6), times are in seconds, limits may be
\`unlimited\`. Lists are separated by commas. As soon as the constructor or a flag names a plugin of any role, the plugin lists of
environment and \`stoq.cfg\` no longer count.
`;

const SANDBOX = `## stoq.cfg, section [sandbox]

Keys are \`PLUGIN.KEY\`; on the command line \`--sandbox PLUGIN:KEY=VALUE\`, in the constructor \`sandbox: { plugin: { key: value } }\`.

| key | value |
| --- | --- |
| ${
  PERMISSIONS.map((permission) => `\`${permission}\``).join(", ")
} | \`none\`, \`asked\`, a list that replaces what is asked, or a list of \`+entry\` that is added to it; \`\${option}\` stands for an option's value |
| \`permissions\` | \`none\` or \`asked\`, for all kinds that are not named |
| \`isolation\` | \`process\` or \`none\` |
`;

/** The text of the page. */
export function renderReference(): string {
  return [
    INTRODUCTION,
    section("stoq.cfg, section [core]", (record) => record.section === "core"),
    section("stoq.cfg, section [limits]", (record) => record.section === "limits"),
    SANDBOX,
    section("Flags for one run", (record) => record.section === undefined),
    "Options of plugins: [plugins](plugins.md).\n",
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
  const { flag } = record;
  const flags = flag ? `${flag.short ? `\`-${flag.short}\` ` : ""}\`--${flag.long}\`` : "";
  const commands = flag ? commandsOf(record).map((command) => `\`${command}\``).join(" ") : "";
  const choices = record.choices ? `: ${record.choices.join(", ")}` : "";
  return row([`\`${snakeCase(key)}\``, flags, commands, code(defaultText(record)), record.doc + choices]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}
