/**
 * From the words of a command line to an exit code.
 *
 * @module
 */

import { nearestName } from "../core/contract/nearest.ts";
import { printable } from "../core/contract/printable.ts";
import type { Terminal } from "../core/ports/system.ts";
import { DenoFiles } from "../host/deno_files.ts";
import { DenoTerminal } from "../host/deno_terminal.ts";
import { STOQ_VERSION } from "../version.ts";
import { type Arguments, readArguments } from "./arguments.ts";
import { EXIT, refuseToStart } from "./exit.ts";
import { findFileWords } from "./file_words.ts";
import { COMMANDS, renderCommandHelp, renderHelp } from "./help.ts";

/** A command: does its work and says how it went. */
export type Command = (parameters: Arguments, terminal: Terminal) => Promise<number>;

/** Runs a command line; returns the process's exit code. */
export async function main(
  words: readonly string[],
  terminal: Terminal = new DenoTerminal(),
): Promise<number> {
  try {
    return await runCommand(await trueWords(words), terminal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    // What is found to be wrong only when it is used, such as a folder that can't be written.
    if (error.code === "invalid-configuration") {
      return await refuseToStart(terminal, error.message.split("\n"));
    }
    if (error.code !== "output-not-written") throw error;
    await terminal.writeErr(`stoq: ${printable(error.message)}\n`);
    return EXIT.lost;
  }
}

/** Deno replaces what is not UTF-8 in a word by U+FFFD, which the name of another file may have. */
async function trueWords(words: readonly string[]): Promise<readonly string[]> {
  if (!words.some((word) => word.includes("\ufffd"))) return words;
  const { rawArguments } = await import("../host/raw_arguments.ts");
  return rawArguments(words);
}

async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = words;
  if (isVersionAsked(name)) return await print(terminal, `stoQ ${STOQ_VERSION}\n`);
  if (name === "-h" || name === "--help" || name === "help") return await help(terminal, rest[0]);
  if (name === undefined || !Object.hasOwn(COMMANDS, name)) return await refuse(terminal, name);
  const fileProblems = await findFileWords(new DenoFiles(), rest);
  if (fileProblems.length > 0) return await refuseToStart(terminal, fileProblems);
  const parameters = readArguments(rest, name);
  if (parameters.isHelpAsked) return await print(terminal, renderCommandHelp(name));
  const command = await loadCommand(name);
  return await command(parameters, terminal);
}

function isVersionAsked(name: string | undefined): boolean {
  return name === "--version" || name === "-V" || name === "version";
}

async function help(terminal: Terminal, command: string | undefined): Promise<number> {
  if (command === undefined || command.startsWith("-")) return await print(terminal, renderHelp());
  if (!Object.hasOwn(COMMANDS, command)) return await refuse(terminal, command);
  return await print(terminal, renderCommandHelp(command));
}

/** Commands are imported when they are called, so that the help does not wait for the engine. */
async function loadCommand(name: string): Promise<Command> {
  switch (name) {
    case "install":
      return (await import("./commands/install.ts")).install;
    case "uninstall":
      return (await import("./commands/uninstall.ts")).uninstall;
    case "list":
      return (await import("./commands/list.ts")).list;
    case "explain":
      return (await import("./commands/explain.ts")).explain;
    case "test":
      return (await import("./commands/test.ts")).test;
    case "run":
      return (await import("./commands/run.ts")).run;
    default:
      return (await import("./commands/scan.ts")).scan;
  }
}

async function print(terminal: Terminal, text: string): Promise<number> {
  await terminal.writeOut(text);
  return EXIT.done;
}

async function refuse(terminal: Terminal, name: string | undefined): Promise<number> {
  const nearest = name === undefined ? undefined : nearestName(name, Object.keys(COMMANDS));
  const problem = name === undefined
    ? "a command is missing"
    : `"${printable(name)}" is not a command${nearest ? `, did you mean "${nearest}"?` : ""}`;
  await terminal.writeErr(`stoq: ${problem}\n\n${renderHelp()}`);
  return EXIT.usage;
}
