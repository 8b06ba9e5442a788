/**
 * A host of plugins on this machine.
 *
 * @module
 */

/** What is served at a path: text, bytes, or an answer of its own. */
export type Served = string | Uint8Array<ArrayBuffer> | ((request: Request) => Response);

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ts: "application/typescript",
  js: "text/javascript",
  json: "application/json",
};

/** Serves files that can be changed while it runs. */
export class PluginServer implements AsyncDisposable {
  readonly files: Map<string, Served>;
  /** Paths in the order in which they were asked. */
  readonly asked: string[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** @param files path, with its first slash → what is there */
  constructor(files: Readonly<Record<string, Served>>) {
    this.files = new Map(Object.entries(files));
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  /** Without a slash at its end. */
  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  #answer(request: Request): Response {
    const { pathname, search } = new URL(request.url);
    this.asked.push(pathname + search);
    const served = this.files.get(pathname);
    if (served === undefined) return new Response("not found", { status: 404 });
    if (typeof served === "function") return served(request);
    const extension = pathname.split(".").at(-1)!;
    return new Response(served, { headers: { "content-type": MEDIA_TYPES[extension] ?? "text/plain" } });
  }
}

/** Returns the manifest of a worker named `shout`, with other fields. */
export function shoutManifest(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    name: "shout",
    version: "1.0.0",
    description: "Counts capital letters",
    roles: ["worker"],
    api: 1,
    ...fields,
  });
}

/** Its module, which imports from its folder, from above it, and the plugin API from an address that doesn't exist. */
export const SHOUT_FILES: Readonly<Record<string, string>> = {
  "/x/shout/manifest.json": shoutManifest(),
  "/x/shout/mod.ts":
    `import { definePlugin, PluginError } from "https://stoq.invalid/v4/src/plugin/define.ts";
    import { ByteReader } from "https://stoq.invalid/v4/src/formats/bytes/mod.ts";
    import type { Nothing } from "https://stoq.invalid/types.ts";
    import { isCapital } from "./lib/capital.ts";
    import words from "./words.json" with { type: "json" };
    import { twice } from "../shared/twice.ts?v=1";
    export default definePlugin(() => ({
      async scan(payload) {
        const { half } = await import("./half.ts");
        const text: string = new ByteReader(payload.content).latin1(0, payload.content.length);
        if (text === words.forbidden) throw new PluginError("forbidden-word", "it says the word");
        return { results: { capitals: half(twice([...text].filter(isCapital).length)) } };
      },
    }));`,
  "/x/shout/lib/capital.ts": `export const isCapital = (letter: string): boolean => /[A-Z]/.test(letter);`,
  "/x/shout/half.ts":
    `export enum Parts { Two = 2 } export const half = (n: number): number => n / Parts.Two;`,
  "/x/shout/words.json": `{ "forbidden": "NIX" }`,
  "/x/shared/twice.ts": `export function twice(n: number): number { return 2 * n; }`,
};
