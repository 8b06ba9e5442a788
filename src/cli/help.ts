/**
 * The text of `--help`, made of the option table.
 *
 * @module
 */

import { commandsOf, OPTION_ENTRIES, type OptionRecord } from "../config/option_table.ts";
import { defaultNotes, describeOption } from "../config/option_text.ts";
import { STOQ_VERSION } from "../version.ts";

/** A command in the help. */
export interface CommandHelp {
  readonly usage: string;
  readonly summary: string;
  /** Paragraphs below the usage. */
  readonly text: string;
}

/** Commands in the order of the help. */
export const COMMANDS: Readonly<Record<string, CommandHelp>> = {
  scan: {
    usage: "stoq scan [flags] [--] [PATH...]",
    summary: "Scan files, the files below folders, or standard input",
    text:
      `Scans each PATH: a file, all files below a folder, or standard input if PATH is "-" or absent. Prints a report on
a terminal and JSON elsewhere; if -C names a connector, prints only if --format is given. Of a folder or several
PATHs the report has a line for each file, the findings, and a total; JSON has a line for each file.

Lists take several words or commas: -a hash,mimetype or -a hash mimetype. The first word is a value; further
words are values while they name plugins, and the first other word is a PATH. To scan a file that has the name
of a plugin, write ./hash.

Names of files can look like flags. Write "--" before a name that you don't know: stoq scan -a hash -- "$FILE".
A word that begins with "-" and is the name of a file is refused. --isolation, --plugin-dir, --config-file and
--sandbox must come before the first PATH.`,
  },
  run: {
    usage: "stoq run -P NAME... [flags]",
    summary: "Scan what providers deliver",
    text:
      `Scans what providers deliver until they end. The connectors that -C names save the results; --format prints
them as well. A delivery is settled, which acknowledges it to its source, after archivers and connectors have
finished.

The first interruption (Ctrl-C) finishes the requests in flight, the second one abandons them.`,
  },
  list: {
    usage: "stoq list [flags]",
    summary: "List the plugins that are installed",
    text:
      `Lists every plugin with its version, roles and description; --json adds its options and permissions.

With --permissions: where each plugin runs, what it requests, what it is granted with the values of its options,
and which line of stoq.cfg, flag or permission of stoQ itself causes a difference; with --json the same as data.`,
  },
  explain: {
    usage: "stoq explain CODE... [flags]",
    summary: "Explain the codes of findings, blind spots and errors",
    text:
      `Prints what a code in a response means: for a finding its title, severity, ATT&CK techniques, plugin, and when
it is harmless; for a blind spot or an error what to do. docs/findings.md lists all codes.`,
  },
  install: {
    usage: "stoq install PLUGIN [flags]",
    summary: "Install a third-party plugin and pin its files",
    text:
      `PLUGIN is https://HOST/PATH/mod.ts (with #sha256-DIGEST to pin it), npm:NAME@VERSION, jsr:@SCOPE/NAME@VERSION,
the path of a folder, or with --github OWNER/REPO[/FOLDER]@COMMIT.

Fetches the plugin and everything that it imports, lists what it is, its permissions and its files, asks you to
confirm, and stores it in STOQ_HOME/plugins. Nothing of the plugin is run. stoq.lock in STOQ_HOME pins every
file; a file that has changed is not loaded. Use the plugin by its name or its reference, without a network.

--upgrade replaces an installed plugin and lists the changes; PLUGIN may then be the plugin's name.`,
  },
  uninstall: {
    usage: "stoq uninstall NAME... [flags]",
    summary: "Remove installed plugins",
    text: "Removes plugins that stoq install has stored, and their entries in stoq.lock.",
  },
  test: {
    usage: "stoq test [NAME|FOLDER...] [flags]",
    summary: "Test the installation, or some of its plugins",
    text:
      `Loads every plugin as it is configured, checks its configuration (yara compiles its rules) and runs its cases:
calls with known answers, from cases.json of the plugin. A FOLDER is the folder of one plugin, and has a path
separator in it: ./my_plugin.

Prints a table and a line for each failure; with --format json the same as data. --log-level shows what plugins
log.`,
  },
};

const EXIT_CODES = `Exit codes:
  0    the work was done; failures of plugins are in the response
  1    something was lost: an archiver, connector, provider or standard output failed,
       a file could not be read, or --fail-on-error met an error;
       test: a check failed
  2    the command line or the configuration is wrong, a plugin that it names can't be
       loaded, or there is nothing to scan
  3    --fail-on met a finding or --fail-on-blind-spots a blind spot, and nothing was lost
  130  interrupted
`;

/** Returns the help of the program. */
export function renderHelp(): string {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(11)}${summary}\n`);
  return `stoQ ${STOQ_VERSION}: takes a file apart and reports what is in it

Usage:
  stoq COMMAND [flags]

Commands:
${commands.join("")}
Flags:
  -h, --help     Show this help, or the help of a command
  --version      Show the version

${EXIT_CODES}
Environment:
  STOQ_HOME      Folder of stoq.cfg, default ~/.stoq
  STOQ_<OPTION>  Any option of stoq.cfg, such as STOQ_MAX_RECURSION=3
  NO_COLOR       Print reports without colours
`;
}

/** Returns the help of one command. */
export function renderCommandHelp(command: string): string {
  const { usage, text } = COMMANDS[command]!;
  const flags = OPTION_ENTRIES.filter(([, record]) => record.flag && commandsOf(record).includes(command));
  return `Usage:\n  ${usage}\n\n${text}\n\nFlags:\n${flags.map(([, record]) => flagLines(record)).join("")}` +
    `  -h, --help\n        Show this help\n\n${EXIT_CODES}`;
}

function flagLines(record: OptionRecord): string {
  const { long, short, value } = record.flag!;
  const names = `${short ? `-${short}, ` : ""}--${long}${value ? ` ${value}` : ""}`;
  const shown = value === record.choices?.join("|") ? { ...record, choices: undefined } : record;
  return `  ${names}\n        ${describeOption(shown, ...(value ? defaultNotes(record) : []))}\n`;
}
