/**
 * Decorator and connector: renders a response as text by a template in the language of Jinja (nunjucks).
 *
 * As a decorator its result, `decorators.jinja`, is the rendered text. As a connector it prints that text to stdout, or renders
 * and prints if the decorator did not run or failed (upstream prints the response itself then). A text without a line end gets one
 * when it is printed.
 *
 * Without `template` it uses the shipped `report.md.njk`: a Markdown report of the whole response that is readable as plain text
 * too. With `template` it uses that file. It reads the file and all files that its tags name when the plugin is loaded, from the
 * template's folder only. Names are relative to that folder, those with `./` or `../` to the file that contains them. A name that
 * is computed when the template runs must also be written in some tag.
 *
 * A template sees `response`, plain data with the names of stoQ's JSON (`results`, `request_meta`, `errors`, …; bytes that are
 * not text are `{"base64": …}`), and `payload_number(id)`, the payload's place in `results` from 1. Records have their own keys and
 * Python's `items`, `keys`, `values` and `get`. `trim_blocks` and `lstrip_blocks` are on.
 *
 * Filters beyond nunjucks' own:
 *
 * - `printable(limit)`: on one line, control and invisible characters escaped as `\x1b`;
 * - `code(limit)`, `code_block`: a code span or fenced block of Markdown that the text can't end;
 * - `outline(lines)`: any results as readable lines, by default 25;
 * - `human_size`, `bytes`, `counted("payload")`: `97.8 kB`, `97,792 bytes`, `1 payload`;
 * - `hex(limit)`: of text, bytes or a whole number; `take(n)`: the first items of a list, none of anything else.
 *
 * A response is hostile, a template is not: it is code, so use only your own. Values are escaped for HTML (`autoescape`, as
 * upstream) unless they passed `safe`, `code` or `code_block`; turn it off for templates that do not write HTML. Control
 * characters in values, except tabs and line ends, are always escaped, so that none reaches a terminal.
 *
 * Limits: 8,000,000 characters of output and 2,000,000 iterations of loops for each response; 200 files and 4 MB of templates. A
 * misspelt variable writes nothing. Python's methods of strings and lists, slices such as `[:3]`, `do`, and lists of names in
 * `include` are missing; see https://mozilla.github.io/nunjucks/templating.html for the language.
 *
 * Errors: a text that was not printed whole is `output-not-written`, which says why and how much was printed; after a reader has
 * closed the output every later text fails at once. When the plugin is loaded: `jinja-template-not-found`,
 * `jinja-template-invalid` (with the line), `jinja-template-outside`, `jinja-templates-too-large`. Later: `jinja-render-failed`,
 * `jinja-output-too-large`, `jinja-loop-too-long`.
 *
 * @module
 */

import { definePlugin, type Plugin } from "../../src/plugin/define.ts";
import { type Output, Printer } from "../../src/plugin/kit/mod.ts";
import report from "./report.md.njk" with { type: "text" };
import { shippedTemplate, templateFolder } from "./template_folder.ts";

/** The plugin's options, as its manifest declares them. */
export interface JinjaOptions {
  /** Path of the template; the shipped report when unset. */
  readonly template?: string;
  /** Whether values are escaped for HTML. */
  readonly autoescape: boolean;
}

/** Makes the plugin. It fails for a template that can't be used. */
export default definePlugin<JinjaOptions>((options) => createJinja(options, Deno.stdout));

/** Returns the plugin over an output. */
export async function createJinja({ template, autoescape }: JinjaOptions, output: Output): Promise<Plugin> {
  // The engine is loaded here, so that importing this module costs nothing.
  const { createRenderer } = await import("./renderer.ts");
  const source = template ? templateFolder(template) : shippedTemplate("report.md.njk", report);
  const render = await createRenderer(source, autoescape);
  const printer = new Printer(output);

  return {
    decorate: (response) => ({ results: render(response) }),

    async save(response) {
      const { jinja } = response.decorators;
      const text = typeof jinja === "string" ? jinja : render(response);
      await printer.print([new TextEncoder().encode(text.endsWith("\n") ? text : `${text}\n`)]);
    },
  };
}
