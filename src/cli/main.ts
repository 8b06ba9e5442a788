/**
 * Runs a command line and returns its exit code.
 *
 * @module
 */

import { nearestHint } from "../core/contract/nearest.ts";
import { printable } from "../core/contract/printable.ts";
import type { Terminal } from "../core/ports/system.ts";
import { DenoFiles } from "../host/deno_files.ts";
import { DenoTerminal } from "../host/deno_terminal.ts";
import { STOQ_VERSION } from "../version.ts";
import { type Arguments, readArguments } from "./arguments.ts";
import { EXIT, refuseToStart } from "./exit.ts";
import { findFileWords } from "./file_words.ts";
import { COMMANDS, renderCommandHelp, renderHelp } from "./help.ts";

/** A command; returns the exit code. */
export type Command = (parameters: Arguments, terminal: Terminal) => Promise<number>;

/** Runs a command line; returns the process's exit code. */
export async function main(
  words: readonly string[],
  terminal: Terminal = new DenoTerminal(),
): Promise<number> {
  try {
    return await runCommand(await rawWords(words), terminal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    // Problems that show only on use, such as a folder that can't be written.
    if (error.code === "invalid-configuration") {
      return await refuseToStart(terminal, error.message.split("\n"));
    }
    if (error.code !== "output-not-written") throw error;
    await terminal.writeErr(`stoq: ${printable(error.message)}\n`);
    return EXIT.lost;
  }
}

/** Returns the words with raw file names: Deno replaces bytes that are not UTF-8 by U+FFFD, which another file's name may hold. */
async function rawWords(words: readonly string[]): Promise<readonly string[]> {
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

/** Imports a command when it is called: the help does not need the modules of a scan. */
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
  const problem = name === undefined
    ? "A command is missing"
    : `"${printable(name)}" is not a command${nearestHint(name, Object.keys(COMMANDS))}`;
  await terminal.writeErr(`stoq: ${problem}\n\n${renderHelp()}`);
  return EXIT.usage;
}
