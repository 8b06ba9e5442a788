/**
 * The files of a template: only those in its own folder, each read once, before the first response.
 *
 * @module
 */

import { quote } from "../../src/plugin/define.ts";
import { JinjaError } from "./failure.ts";

/** Most bytes of all files of one template. */
export const MAX_TEMPLATES_BYTES = 4_000_000;

/** Reads templates by name. */
export interface TemplateSource {
  /** Name of the first template. */
  readonly entry: string;
  /** Returns the name of a template for messages. */
  describe(name: string): string;
  /** Returns a template's text; `undefined` if the file does not exist. */
  read(name: string): Promise<string | undefined>;
}

/** Returns the source of a single template that ships with the plugin. */
export function shippedTemplate(name: string, text: string): TemplateSource {
  return {
    entry: name,
    describe: (other) => `the shipped template ${quote(other)}`,
    read: (other) => Promise.resolve(other === name ? text : undefined),
  };
}

/** Returns the source of the templates in the folder of a file. */
export function templateFolder(path: string): TemplateSource {
  const [, folder, entry] = /^(.*[/\\])?([^/\\]*)$/s.exec(path)!;
  let bytesLeft = MAX_TEMPLATES_BYTES;
  return {
    entry: entry!,
    describe: (name) => quote(`${folder ?? ""}${name}`),
    async read(name) {
      const file = `${folder ?? ""}${name}`;
      const bytes = await readTemplate(file, bytesLeft);
      if (bytes === undefined) return undefined;
      bytesLeft -= bytes.length;
      return decode(file, bytes);
    },
  };
}

/**
 * Returns the name that a template's tag stands for, relative to the folder; `./` and `../` are relative to the template that
 * contains the tag.
 *
 * @param from name of that template
 * @returns `undefined` if it leaves the folder
 */
export function resolveName(name: string, from: string): string | undefined {
  if (/^[/\\]|^[a-z]:|[\0\\]/i.test(name)) return undefined;
  const parts = /^\.\.?\//.test(name) ? from.split("/").slice(0, -1) : [];
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length === 0 ? undefined : parts.join("/");
}

async function readTemplate(file: string, limitBytes: number): Promise<Uint8Array | undefined> {
  try {
    const { isFile, size } = await Deno.stat(file);
    if (!isFile) throw unreadable(file, "it must be a regular file");
    if (size > limitBytes) {
      throw new JinjaError(
        "jinja-templates-too-large",
        `Failed to read the template ${quote(file)}: it has ${size} bytes, ` +
          `all files of a template together may have ${MAX_TEMPLATES_BYTES}`,
      );
    }
    return await Deno.readFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    if (error instanceof Deno.errors.NotCapable) {
      throw unreadable(file, "the plugin may read the files of the template's folder alone", error);
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw unreadable(file, "the system refuses to read it", error);
    }
    throw error;
  }
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new JinjaError(
      "jinja-template-invalid",
      `Failed to read the template ${quote(file)}: it must be UTF-8`,
      {
        cause: error,
      },
    );
  }
}

function unreadable(file: string, reason: string, cause?: unknown): JinjaError {
  return new JinjaError("jinja-template-not-found", `Failed to read the template ${quote(file)}: ${reason}`, {
    cause,
  });
}
