/**
 * Runs of `stoq run -P dirmon`, which end only when they are interrupted.
 *
 * @module
 */

import { isRunning, until } from "./processes.ts";
import { CLI, type TempFolder } from "./run_stoq.ts";

/** How to run. */
export interface DirmonRunOptions {
  /** Words behind `run -P dirmon`; default: `-a hash -C filedir`. */
  readonly words?: readonly string[];
  /** The watched folder; default `in`. */
  readonly source?: string;
  /** Options of plugins beside dirmon's source and settle time. */
  readonly pluginOpts?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A shell script in which `"$@"` stands for the command, to redirect its channels. */
  readonly script?: string;
}

/** A run that watches a folder, files that are there already included; stopped when it goes out of scope. */
export class DirmonRun implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  #stderr = "";

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = this.#read();
  }

  /** Starts a run in a folder. */
  static start(folder: TempFolder, options: DirmonRunOptions = {}): DirmonRun {
    const {
      words = ["-a", "hash", "-C", "filedir"],
      source = "in",
      pluginOpts = [],
      script = 'exec "$@"',
      env,
    } = options;
    const watching = [`dirmon:source_dir=${source}`, "dirmon:existing=true", "dirmon:settle_time=0"];
    const command = ["run", "-P", "dirmon", ...words, "--plugin-opts", ...watching, ...pluginOpts];
    return new DirmonRun(
      new Deno.Command("sh", {
        args: ["-c", script, "sh", Deno.execPath(), "run", "-A", "--no-check", CLI.href, ...command],
        cwd: folder.path,
        env: { STOQ_HOME: "/proc/nonexistent/stoq-home", NO_COLOR: "1", ...env },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn(),
    );
  }

  /** The process of the run, if the script executed nothing else. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Waits until standard error says something. */
  async says(pattern: RegExp): Promise<void> {
    await until(`standard error matches ${pattern}`, () => pattern.test(this.#stderr));
  }

  /** Waits for the end; gives the exit code. */
  async ended(): Promise<number> {
    await this.#reading;
    return (await this.#child.status).code;
  }

  /** Interrupts the run as Ctrl-C does, and waits for its end. */
  async stop(): Promise<number> {
    this.#signal("SIGINT");
    return await this.ended();
  }

  /** Kills the process at once. */
  async kill(): Promise<void> {
    this.#signal("SIGKILL");
    await this.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #signal(signal: Deno.Signal): void {
    if (isRunning(this.pid)) this.#child.kill(signal);
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) this.#stderr += text;
  }
}

/** Returns the names of the scanned files whose complete results are in `results`, sorted. @throws {Error} for an incomplete result */
export function scannedIn(folder: TempFolder, results = "results"): string[] {
  if (!folder.has(results)) return [];
  return [...Deno.readDirSync(folder.at(results))].map(({ name }) =>
    JSON.parse(Deno.readTextFileSync(folder.at(`${results}/${name}`)))
      .results[0].payload_meta.extra_data.filename as string
  ).sort();
}

/** Returns the names of the entries of a folder, sorted. */
export function namesIn(folder: TempFolder, path: string): string[] {
  return folder.has(path) ? [...Deno.readDirSync(folder.at(path))].map(({ name }) => name).sort() : [];
}

/** Makes a file that is complete from its first moment: a settle time of 0 gives its writer no time. */
export function put(folder: TempFolder, path: string, text: string): void {
  const start = path.lastIndexOf("/") + 1;
  const hidden = `${path.slice(0, start)}.${path.slice(start)}`;
  folder.write(hidden, text);
  Deno.renameSync(folder.at(hidden), folder.at(path));
}

/** Returns files for the watched folder, each with a content of its own. */
export function files(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`in/${fileName(index)}`, `content ${index}`]),
  );
}

/** Returns the name of one of {@linkcode files}. */
export function fileName(index: number): string {
  return `file-${String(index).padStart(4, "0")}`;
}
