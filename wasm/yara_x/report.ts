/**
 * Reads the compiler's error reports, which are made for a terminal.
 *
 * @module
 */

/** One error of the compiler. */
export interface CompilerError {
  /** Such as `E009`. */
  readonly code: string;
  readonly message: string;
  /** Line in the source, from 1. */
  readonly line: number;
}

/**
 * Reads a report of the form `error[E009]: what`, ` --> line:3:21`, source lines, and `^^^ why`.
 * A text of another form is taken as the message, at line 1.
 */
export function readReport(report: string): CompilerError {
  const heading = /^error\[(E\d+)\]: (.*)/.exec(report);
  const place = /^ *--> .*?:(\d+):\d+$/m.exec(report);
  const why = /^ *\|.*?\^+ +(\S.*)$/m.exec(report);
  const title = heading?.[2] ?? report.split("\n", 1)[0]!;
  return {
    code: heading?.[1] ?? "",
    message: why ? `${title}: ${why[1]}` : title,
    line: place ? Number(place[1]) : 1,
  };
}

/** The rule that a "duplicate rule" error is about. */
export function duplicateRuleName(error: CompilerError): string | undefined {
  return error.code === "E012" ? /^duplicate rule `([^`]*)`/.exec(error.message)?.[1] : undefined;
}
