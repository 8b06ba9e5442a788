/**
 * Writes `stoq.cfg` from the option table.
 *
 * @module
 */

import { OPTION_ENTRIES, type OptionRecord } from "../src/config/option_table.ts";
import { defaultText, describeOption } from "../src/config/option_text.ts";
import { snakeCase } from "../src/plugin/option_name.ts";

/** Values that the shipped file sets. */
const ACTIVE: Readonly<Record<string, string>> = { alwaysDispatch: "hash, mimetype", dispatchers: "yara" };

const HEADER = `# stoQ's configuration. This file, as it is shipped, applies where there is no other.
# Copy it to stoq.cfg in STOQ_HOME (default: ~/.stoq) and change it there.
#
# The dialect is that of Python's ConfigParser: \`key = value\` or \`key: value\`, comments on lines of their own,
# long values continued on indented lines, %(key)s for another value of the section and %% for a percent sign.
# A line that is commented out shows the default. Lists are separated by commas, sizes may have a unit (50 MB, 1 GiB),
# and a limit may be \`unlimited\`. Relative paths start at the folder of this file.
#
# The options of a plugin are in a section with the plugin's name: \`stoq list --json\` lists them.
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
# What plugins may do and where they run: \`plugin.key = value\`. \`stoq list --permissions\` shows the result.
#
# The keys net, read, write, env, run, sys and ffi set one kind of permission, \`permissions\` sets all kinds without a
# line of their own. Values: none (refuse), asked (what the manifest requests, the default), a list that replaces what
# is requested, or a list of entries with a + that are added to it. Entries are exact: a host (all its ports) or
# host:port, a path (a folder with its content), the name of a variable, the path of a program. \${option} is the value
# of an option of the plugin.
#
# \`isolation\` says where the plugin runs: process (in a process of its own) or none (in the main process). A plugin
# whose permissions are changed here always runs in a process, because only there they can be enforced.
#
# virustotal.net = www.virustotal.com:443
# peinfo.net = none
# yara.read = +/srv/rules, +\${worker_rules}.d
# stranger.permissions = none
# filedir.isolation = process
`;

function cfgLines(key: string, record: OptionRecord): string {
  const unset = record.unsetDoc === undefined ? [] : [`default: ${record.unsetDoc}`];
  const line = `${snakeCase(key)} = ${ACTIVE[key] ?? defaultText(record)}`.trimEnd();
  return `# ${describeOption(record, ...unset)}\n${ACTIVE[key] === undefined ? "# " : ""}${line}\n`;
}
