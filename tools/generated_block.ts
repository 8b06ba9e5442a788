/**
 * A part of a page that a generator writes, between two lines.
 *
 * @module
 */

/**
 * Returns a page with other text between its line `<!-- Generated from SOURCE by deno task gen -->` and `<!-- End -->`.
 *
 * @throws {Error} if the page does not have the two lines
 */
export function withGeneratedBlock(page: string, source: string, text: string): string {
  const startLine = `<!-- Generated from ${source} by deno task gen -->`;
  const endLine = "<!-- End -->";
  const start = page.indexOf(startLine);
  const end = page.indexOf(endLine, start);
  if (start < 0 || end < 0) {
    throw new Error(
      `Cannot write what is generated from ${source}: the page must have the lines "${startLine}" and "${endLine}"`,
    );
  }
  return `${page.slice(0, start)}${startLine}\n\n${text}\n\n${page.slice(end)}`;
}
