/**
 * Renders responses with a template that was read and compiled beforehand.
 *
 * @module
 */

import { serializeResponse, type StoqResponse } from "../../src/plugin/define.ts";
import { printableExcerpt } from "../../src/plugin/kit/mod.ts";
import {
  Environment,
  runtime as baseRuntime,
  type TemplateEnvironment,
  type TemplateLoader,
} from "./deps.ts";
import { JinjaError } from "./failure.ts";
import { addFilters } from "./filters.ts";
import { addGlobals, variablesOf } from "./globals.ts";
import { OutputMeter } from "./output_meter.ts";
import { BLOCK_OPTIONS, compileTemplate, type PreparedTemplate } from "./template_compiler.ts";
import { resolveName, type TemplateSource } from "./template_folder.ts";
import { loadTemplates } from "./template_set.ts";
import { createRuntime } from "./template_runtime.ts";

/** Most characters of a reason, which may quote hostile text. */
const MAX_REASON_CHARACTERS = 500;

/** Renders a response as text; throws a {@link JinjaError} if the template fails. */
export type Render = (response: StoqResponse) => string;

/**
 * Reads a template and all that it includes, imports or extends by a written name.
 *
 * @throws {JinjaError} if one of them is missing or is not a template
 */
export async function createRenderer(source: TemplateSource, autoescape: boolean): Promise<Render> {
  const meter = new OutputMeter();
  const runtime = createRuntime(baseRuntime, meter);
  const templates = new Map<string, PreparedTemplate>();
  const environment = createEnvironment(templates, autoescape);
  addFilters(environment, baseRuntime);
  addGlobals(environment, meter);
  const { filters } = environment;
  await loadTemplates(
    source,
    templates,
    (text, name) => compileTemplate(text, { name, description: source.describe(name), filters, runtime }),
  );

  return (response) => {
    meter.reset();
    try {
      const json = JSON.parse(serializeResponse(response, { compactly: true }));
      return environment.render(source.entry, { ...variablesOf(json) });
    } catch (error) {
      throw renderFailure(error, source);
    }
  };
}

function createEnvironment(
  templates: ReadonlyMap<string, PreparedTemplate>,
  autoescape: boolean,
): TemplateEnvironment {
  const loader: TemplateLoader = {
    isRelative: () => true,
    // A name that leaves the folder finds nothing.
    resolve: (from, name) => resolveName(name, from) ?? name,
    getSource(name) {
      const template = templates.get(resolveName(name, "") ?? "");
      return template ? { src: { type: "code", obj: template.compiled }, path: name, loader } : null;
    },
  };
  const environment = new Environment([loader], { ...BLOCK_OPTIONS, autoescape, dev: true });
  // The engine searches names here first; a plain record would have every name of `Object.prototype`, such as "constructor".
  loader.cache = Object.create(null);
  return environment;
}

/** Returns the failure of a rendering. A `JinjaError` is inside an error of the engine. */
function renderFailure(error: unknown, source: TemplateSource): Error {
  let innermost = error;
  while (innermost instanceof Error && !(innermost instanceof JinjaError) && innermost.cause) {
    innermost = innermost.cause;
  }
  if (innermost instanceof JinjaError) return innermost;
  // The engine puts the names of the templates before its message, a line each.
  const reason = innermost instanceof Error
    ? innermost.message.split("\n").at(-1)!.trim()
    : String(innermost);
  return new JinjaError(
    "jinja-render-failed",
    `Failed to render the response with ${source.describe(source.entry)}: ${
      printableExcerpt(reason, MAX_REASON_CHARACTERS)
    }`,
    { cause: error },
  );
}
