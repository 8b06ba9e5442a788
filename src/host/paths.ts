/**
 * Paths as text. `node:path` does the same, but importing it slows down the start.
 *
 * @module
 */

/** The separator and the roots of one family of systems. */
export interface PathStyle {
  readonly separator: "/" | "\\";
  /** Matches the root at the start of an absolute path. */
  readonly root: RegExp;
  /** Matches one separator. */
  readonly anySeparator: RegExp;
}

/** Linux, macOS and other systems with one root. */
export const POSIX: PathStyle = { separator: "/", root: /^\//, anySeparator: /\// };

/** Windows: drives and UNC shares; `/` separates too. */
export const WINDOWS: PathStyle = {
  separator: "\\",
  root: /^(?:[A-Za-z]:[/\\]|[/\\]{2}[^/\\]+[/\\]+[^/\\]+[/\\]?|[/\\])/,
  anySeparator: /[/\\]/,
};

/** Joins parts to an absolute, normalised path; an absolute part replaces what came before it. */
export function resolvePath(style: PathStyle, folder: string, ...parts: readonly string[]): string {
  const joined = parts.reduce(
    (path, part) => style.root.test(part) ? part : `${path}${style.separator}${part}`,
    folder,
  );
  const root = style.root.exec(joined)?.[0] ?? "";
  const names: string[] = [];
  for (const name of joined.slice(root.length).split(style.anySeparator)) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  const start = root.replaceAll("/", style.separator);
  const gap = start.endsWith(style.separator) || names.length === 0 ? "" : style.separator;
  return start + gap + names.join(style.separator);
}

/** URL of an absolute path. */
export function pathToUrl(style: PathStyle, path: string): string {
  const names = path.split(style.anySeparator).map((name, index) =>
    index === 0 && style === WINDOWS ? name : encodeURIComponent(name)
  );
  return `file://${names[0] === "" ? "" : "/"}${names.join("/")}`;
}

/** Path of a `file:` URL. */
export function urlToPath(style: PathStyle, url: string): string {
  const path = decodeURIComponent(new URL(url).pathname);
  return style === WINDOWS ? path.slice(1).replaceAll("/", style.separator) : path;
}
