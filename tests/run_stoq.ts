/**
 * Starts the command line as a user does, in a folder of its own.
 *
 * @module
 */

/** The command line. */
export const CLI: URL = new URL("../cli.ts", import.meta.url);

/** How a run ended. */
export interface StoqRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run may be given beside its words. */
export interface StoqRunOptions {
  readonly stdin?: Uint8Array<ArrayBuffer> | string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Permissions in Deno's flags; everything by default. */
  readonly permissions?: readonly string[];
  /** Folder for a coverage profile of the run. */
  readonly coverage?: string;
}

/** Starts `stoq` with a STOQ_HOME that does not exist unless `env` names one; its three channels are piped. */
export function startStoq(words: readonly string[], options: StoqRunOptions = {}): Deno.ChildProcess {
  const { stdin, cwd, env, permissions = ["-A"], coverage } = options;
  const profile = coverage === undefined ? [] : [`--coverage=${coverage}`];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, "--no-check", ...profile, CLI.href, ...words],
    cwd,
    env: { STOQ_HOME: "/proc/nonexistent/stoq-home", NO_COLOR: "1", ...env },
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs `stoq` to its end. */
export async function runStoq(words: readonly string[], options: StoqRunOptions = {}): Promise<StoqRun> {
  const child = startStoq(words, options);
  if (options.stdin !== undefined) {
    // A program that refuses its command line does not read its input.
    await new Blob([options.stdin]).stream().pipeTo(child.stdin).catch((error) => {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    });
  }
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs a shell script in which `"$@"` stands for `stoq` and its words, to redirect its channels: `"$@" < folder`. */
export async function runInShell(
  words: readonly string[],
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<StoqRun> {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", script, "sh", Deno.execPath(), "run", "-A", "--no-check", CLI.href, ...words],
    env: { STOQ_HOME: "/proc/nonexistent/stoq-home", NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A folder with files in it, removed when it goes out of scope. */
export class TempFolder implements Disposable {
  readonly path: string;

  /** @param parent where it is made; the system's folder for temporary files by default */
  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}, parent?: string) {
    this.path = Deno.makeTempDirSync({ prefix: "stoq-test-", dir: parent });
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  /** Writes a file and returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = this.at(name);
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    if (typeof content === "string") Deno.writeTextFileSync(path, content);
    else Deno.writeFileSync(path, content);
    return path;
  }

  at(name: string): string {
    return `${this.path}/${name}`;
  }

  /** Says whether something is at a path. */
  has(name: string): boolean {
    try {
      return Deno.lstatSync(this.at(name)) !== undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
