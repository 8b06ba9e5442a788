/**
 * Decorator and connector: a response as text, by a template in the language of Jinja (nunjucks).
 *
 * As a decorator its result, `decorators.jinja`, is the rendered text. As a connector it prints that text to stdout, or
 * renders and prints where the decorator did not run or failed (upstream prints the response itself then). A text
 * without a line end gets one when it is printed.
 *
 * Without `template` the shipped `report.md.njk` is used: a Markdown report of the whole response that reads well as
 * plain text too. With `template`, that file; it and all files that its tags name are read when the plugin is loaded,
 * from the template's folder alone. Names count from that folder, those with `./` or `../` from the file that says them; a
 * name that is put together at run time finds what some tag names literally.
 *
 * A template sees `response`, plain data with the names of stoQ's JSON (`results`, `request_meta`, `errors`, …; bytes
 * that are no text are `{"base64": …}`), and of all payloads together `findings` (the worst first, each with the number of its
 * `payload`), `severities` (`severity` and `count` of the findings, the worst first) and `indicators` (each once, with the numbers of its
 * `payloads`). `payload_number(id)` is the payload's place in `results` from 1. Of a record only its keys are seen, and Python's `items`, `keys`, `values` and `get`. `trim_blocks` and `lstrip_blocks` are on.
 *
 * Filters beyond nunjucks' own:
 *
 * - `printable(limit)`: on one line, controls and what can't be seen escaped as `\x1b`;
 * - `code(limit)`, `code_block`: as a code span or fenced block of Markdown that text can't break out of;
 * - `outline(lines)`: any results as readable lines, 25 unless said otherwise;
 * - `human_size`, `bytes`, `counted("payload")`: `97.8 kB`, `97,792 bytes`, `1 payload`;
 * - `defang(kind)`: an indicator's value so that no program makes a link of it;
 * - `hex(limit)`: of text, bytes or a whole number; `take(n)`: the first items of a list, none of anything else.
 *
 * A response is hostile, a template is not: it is code, so use your own alone. Values are escaped for HTML (`autoescape`, as
 * upstream) unless they went through `safe`, `code` or `code_block`; turn it off for templates that write no HTML. Whatever
 * a value holds, controls but for tabs and line ends are escaped when it is written, so that none reaches a terminal.
 *
 * Limits: 8,000,000 characters written and 2,000,000 turns of loops per response; 200 files and 4 MB of templates.
 * A misspelt variable writes nothing. Python's methods of texts and lists, slices such as `[:3]`, `do`, and lists of names in
 * `include` are not there: see https://mozilla.github.io/nunjucks/templating.html for the language.
 *
 * A text that was not printed whole is the error `output-not-written`, which says why and how much of it was printed; after a
 * reader has closed the output every later text fails at once.
 *
 * Load errors: `jinja-template-not-found`, `jinja-template-invalid` (with the line), `jinja-template-outside`,
 * `jinja-templates-too-large`. Later: `jinja-render-failed`, `jinja-output-too-large`, `jinja-loop-too-long`.
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

/** The plugin; a template that can't be used fails here. */
export default definePlugin<JinjaOptions>((options) => createJinja(options, Deno.stdout));

/** The plugin over an output. */
export async function createJinja({ template, autoescape }: JinjaOptions, output: Output): Promise<Plugin> {
  // The engine is loaded here and not above, so that knowing the plugin costs nothing.
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
