/**
 * `stoq install`: fetches a plugin, describes it, asks for confirmation, stores it and pins its files.
 *
 * @module
 */

import type { ResolvedOptions } from "../../config/resolve.ts";
import {
  alreadyInstalled,
  notConfirmed,
  notInLock,
  pluginNeedsDeno,
} from "../../plugin/installing_errors.ts";
import { printable, quote } from "../../core/contract/printable.ts";
import type { Terminal } from "../../core/ports/system.ts";
import { DenoDownloads } from "../../host/deno_downloads.ts";
import { DenoPackages } from "../../sandbox/deno_cache.ts";
import { DenoStorage } from "../../host/deno_storage.ts";
import { commandLineSystem, type DenoSystem } from "../../host/deno_system.ts";
import { defaultFolder, loadLock } from "../../plugin/installed.ts";
import { type LockedPlugin, own, type StoqLock } from "../../plugin/lock.ts";
import type { Arguments } from "../arguments.ts";
import { readCommandLine } from "../command_line.ts";
import { EXIT, refuseToStart } from "../exit.ts";
import { describePlugin, describeUpgrade, question } from "../installing/dialogue.ts";
import { reportFailure } from "../installing/failure.ts";
import { type FetchedPlugin, fetchPlugin } from "../installing/fetched_plugin.ts";
import { type Origin, readGithub, readOrigin } from "../installing/origin.ts";
import { isSameInstallation, lockedForm, storePlugin } from "../installing/store.ts";

/** Installs what the command line names. */
export async function install(parameters: Arguments, terminal: Terminal): Promise<number> {
  const system = commandLineSystem();
  const line = await readCommandLine(system, parameters, { ignoresPlugins: true });
  const { paths, options } = line;
  const problems = [...line.problems];
  if (paths.length !== 1) problems.push(`install takes one PLUGIN, got ${paths.length}`);
  if (problems.length > 0) return await refuseToStart(terminal, problems);
  try {
    return await new Installation(system, terminal, options, paths[0]!.word).run();
  } catch (error) {
    return await reportFailure(terminal, error);
  }
}

class Installation {
  readonly #system: DenoSystem;
  readonly #terminal: Terminal;
  readonly #options: ResolvedOptions;
  readonly #word: string;

  constructor(system: DenoSystem, terminal: Terminal, options: ResolvedOptions, word: string) {
    this.#system = system;
    this.#terminal = terminal;
    this.#options = options;
    this.#word = word;
  }

  async run(): Promise<number> {
    const { values: { upgrade, frozen, installDir }, stoqHome } = this.#options;
    const { files } = this.#system;
    const lock = await loadLock(files, stoqHome);
    const origin = await this.#origin(lock);
    const plugin = await fetchPlugin({ system: this.#system, downloads: new DenoDownloads() }, origin);
    const { name } = plugin.manifest;
    if (this.#system.isCompiled && plugin.packages.length > 0) throw pluginNeedsDeno(name, plugin.packages);
    const before = own(lock, name);
    const parent = installDir ??
      files.resolve(before?.folder ?? defaultFolder(files, stoqHome, name), "..");
    const after = await lockedForm(
      (content) => this.#system.sha256(content),
      plugin,
      files.resolve(parent, name),
    );
    const isSame = before !== undefined && isSameInstallation(before, after);
    if (frozen && !isSame) {
      throw notInLock(`plugin ${quote(name)} in its current version`, "install it without frozen");
    }
    if (before && !isSame && !upgrade) throw alreadyInstalled(name, before.version);
    if (!isSame && !await this.#isWanted(plugin, before, after)) {
      await this.#terminal.writeErr("Nothing was installed\n");
      return EXIT.lost;
    }
    // An unchanged plugin is stored again, which repairs changed files.
    const deps = { files, storage: new DenoStorage(), packages: new DenoPackages(), stoqHome };
    await storePlugin(deps, plugin, after, before);
    await this.#terminal.writeOut(
      printable(`Successfully installed ${name} ${plugin.manifest.version} into ${after.folder}`) + "\n",
    );
    return EXIT.done;
  }

  /** With `--upgrade` a plugin's name stands for the address that it was installed from. */
  async #origin(lock: StoqLock): Promise<Origin> {
    const { upgrade, github } = this.#options.values;
    if (github) return readGithub(this.#word);
    const locked = upgrade ? own(lock, this.#word) : undefined;
    // Without its digest: the module at the address may have changed.
    return await readOrigin(
      this.#system,
      locked?.reference.replace(/#sha256-[0-9a-f]{64}$/, "") ?? this.#word,
    );
  }

  async #isWanted(
    plugin: FetchedPlugin,
    before: LockedPlugin | undefined,
    after: LockedPlugin,
  ): Promise<boolean> {
    const shown = before ? describeUpgrade(plugin, before, after) : describePlugin(plugin, after);
    await this.#terminal.writeErr(shown + this.#clash(plugin));
    if (this.#options.values.yes) return true;
    if (!this.#terminal.isInTerminal) throw notConfirmed(this.#command(plugin));
    const answer = await this.#terminal.ask(question(after, before !== undefined));
    return /^y(?:es)?$/i.test(answer.trim());
  }

  #clash({ manifest: { name } }: FetchedPlugin): string {
    const known = this.#options.registry.get(name);
    if (!known || known.locked) return "";
    const note = known.folder === undefined
      ? "it replaces the shipped plugin of the same name"
      : `the plugin of the same name in ${quote(known.folder)} replaces it (plugin_dir_list)`;
    return `  note        ${note}\n`;
  }

  #command({ reference }: FetchedPlugin): string {
    const { upgrade, installDir } = this.#options.values;
    const words = [
      reference,
      ...(upgrade ? ["--upgrade"] : []),
      ...(installDir ? ["--install-dir", installDir] : []),
      "--yes",
    ];
    return `stoq install ${words.map(shellWord).join(" ")}`;
  }
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-][\w@%+=:,./#-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
