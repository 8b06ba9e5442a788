/**
 * Writes `stoq.cfg` and the reference page from the option table.
 *
 * @module
 */

import { snakeCase } from "../plugin/option_name.ts";
import { OPTION_ENTRIES, type OptionRecord } from "./option_table.ts";

/** What a scan does where nobody configured anything. */
const ACTIVE: Readonly<Record<string, string>> = { alwaysDispatch: "hash, mimetype", dispatchers: "yara" };

const HEADER = `# stoQ's configuration. This file, as it is shipped, is what holds where there is no other.
# Copy it to stoq.cfg in STOQ_HOME (default: ~/.stoq) and change it there.
#
# The dialect is that of Python's ConfigParser: \`key = value\` or \`key: value\`, comments on lines of their own,
# long values continued on indented lines, %(key)s for another value of the section and %% for a percent sign.
# A line that is commented out shows the default. Lists are separated by commas, sizes may have a unit (50 MB),
# and a limit may be \`unlimited\`. Relative paths start at the folder of this file.
#
# A plugin's options stand in a section of its own name: \`stoq list --json\` tells them.
`;

/** The text of the shipped `stoq.cfg`. */
export function renderCfg(): string {
  const sections = (["core", "limits"] as const).map((section) => {
    const options = OPTION_ENTRIES.filter(([, record]) => record.section === section);
    return `\n[${section}]\n${options.map(([key, record]) => cfgLines(key, record)).join("\n")}`;
  });
  return HEADER + sections.join("") + SANDBOX;
}

const SANDBOX = `
[sandbox]
# What plugins may do and where they run: \`plugin.key = value\`. \`stoq list --permissions\` shows what comes of it.
#
# The keys net, read, write, env, run, sys and ffi set one kind of permission, \`permissions\` those without a line of
# their own. Values: none (refuse), asked (what the manifest asks, the default), a list in place of what is asked, or
# one in which each entry has a + and is added to it. Entries are exact: a host (all its ports) or host:port, a path
# (a folder with all below it), the name of a variable, the path of a program. \${option} is an option of the plugin.
#
# \`isolation\` says where: process (apart) or none (in the main process). A plugin whose permissions are changed here
# runs apart in any case, for only there it can be held to them.
#
# virustotal.net = www.virustotal.com:443
# peinfo.net = none
# yara.read = +/srv/rules, +\${worker_rules}.d
# stranger.permissions = none
# filedir.isolation = process
`;

function cfgLines(key: string, record: OptionRecord): string {
  const line = `${snakeCase(key)} = ${ACTIVE[key] ?? defaultText(record)}`.trimEnd();
  return `\n# ${record.doc}${unitText(record)}\n${ACTIVE[key] === undefined ? "# " : ""}${line}\n`.slice(1);
}

/** The default as one would write it in the file. */
export function defaultText(record: OptionRecord): string {
  if (record.default === undefined) return "";
  return record.type === "bytes" ? `${(record.default as number) / 1e6} MB` : String(record.default);
}

function unitText(record: OptionRecord): string {
  const parts = [];
  if (record.unit === "s") parts.push("in seconds");
  if (record.choices) parts.push(`one of ${record.choices.join(", ")}`);
  return parts.length > 0 ? `, ${parts.join(", ")}` : "";
}
