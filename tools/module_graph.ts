/**
 * Checks that everything reachable from the given modules resolves without an import map, plugins and other dynamic
 * imports included: `deno check` looks at neither a bare nor a missing name in a dynamic import.
 *
 * @module
 */

interface Resolution {
  readonly error?: string;
}

/** The parts of `deno info --json` that say what went wrong. */
export interface ModuleGraph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: Resolution;
      readonly type?: Resolution;
    }[];
  }[];
}

/** Returns a sentence for each missing module and each name that does not resolve. */
export function brokenImports(graph: ModuleGraph): string[] {
  return graph.modules.flatMap(({ specifier, error, dependencies = [] }) => [
    ...(error === undefined ? [] : [`${specifier}: ${error}`]),
    ...dependencies.flatMap(({ code, type }) => {
      const problem = code?.error ?? type?.error;
      return problem === undefined ? [] : [`${specifier}: ${problem}`];
    }),
  ]);
}

/** Reads a module's graph as another program sees it: without our deno.json. */
export async function readGraph(module: string): Promise<ModuleGraph> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-config", "--no-lock", module],
  }).output();
  if (!success) {
    throw new Error(`Cannot read the module graph of "${module}": ${new TextDecoder().decode(stderr)}`);
  }
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (import.meta.main) {
  const broken = new Set((await Promise.all(Deno.args.map(readGraph))).flatMap(brokenImports));
  for (const line of broken) console.log(line);
  if (broken.size > 0) Deno.exitCode = 1;
}
