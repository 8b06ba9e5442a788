/**
 * Reads a template and all templates that it names, directly or not.
 *
 * @module
 */

import { quote } from "../../src/plugin/define.ts";
import { JinjaError } from "./failure.ts";
import type { PreparedTemplate, TemplateReference } from "./template_compiler.ts";
import { resolveName, type TemplateSource } from "./template_folder.ts";

/** Most files of one template. */
export const MAX_TEMPLATE_FILES = 200;

/** A template to be read. */
interface WantedTemplate {
  readonly name: string;
  /** The tag that names it; absent for the first template. */
  readonly tag?: TemplateReference & { readonly from: string };
}

/**
 * Fills a map with all templates by name, the first and those that are named in tags.
 *
 * @throws {JinjaError} if one is missing, outside the folder or not a template, or there are too many
 */
export async function loadTemplates(
  source: TemplateSource,
  templates: Map<string, PreparedTemplate>,
  compile: (text: string, name: string) => PreparedTemplate,
): Promise<void> {
  const queue: WantedTemplate[] = [{ name: source.entry }];
  for (let wanted = queue.shift(); wanted !== undefined; wanted = queue.shift()) {
    const { name } = wanted;
    if (templates.has(name)) continue;
    const text = await source.read(name);
    if (text === undefined) {
      if (wanted.tag?.isOptional) continue;
      throw notFound(source, wanted);
    }
    if (templates.size >= MAX_TEMPLATE_FILES) throw tooMany(source);
    const template = compile(text, name);
    templates.set(name, template);
    queue.push(...template.references.map((reference) => wantedBy(source, name, reference)));
  }
}

function wantedBy(source: TemplateSource, from: string, reference: TemplateReference): WantedTemplate {
  const name = resolveName(reference.name, from);
  if (name !== undefined) return { name, tag: { ...reference, from } };
  throw new JinjaError(
    "jinja-template-outside",
    `Failed to read the template ${source.describe(from)}: line ${reference.line} must name a file in the ` +
      `folder of ${source.describe(source.entry)}, got ${quote(reference.name)}`,
  );
}

function notFound(source: TemplateSource, { name, tag }: WantedTemplate): JinjaError {
  const origin = tag === undefined ? 'option "template"' : `line ${tag.line} of ${source.describe(tag.from)}`;
  return new JinjaError(
    "jinja-template-not-found",
    `Failed to find the template ${source.describe(name)} (${origin}): it does not exist`,
  );
}

function tooMany(source: TemplateSource): JinjaError {
  return new JinjaError(
    "jinja-templates-too-large",
    `Failed to read the template ${source.describe(source.entry)}: ` +
      `it must be made of at most ${MAX_TEMPLATE_FILES} files`,
  );
}
