/**
 * Names of folders by date: a subset of strftime, in UTC.
 *
 * @module
 */

import { quote } from "../../src/plugin/kit/mod.ts";
import { FiledirError } from "./failure.ts";

const DIRECTIVES: Readonly<Record<string, (date: Date) => string>> = {
  "%Y": (date) => digits(date.getUTCFullYear(), 4),
  "%y": (date) => digits(date.getUTCFullYear() % 100, 2),
  "%m": (date) => digits(date.getUTCMonth() + 1, 2),
  "%d": (date) => digits(date.getUTCDate(), 2),
  "%j": (date) => digits(dayOfYear(date), 3),
  "%H": (date) => digits(date.getUTCHours(), 2),
  "%M": (date) => digits(date.getUTCMinutes(), 2),
  "%S": (date) => digits(date.getUTCSeconds(), 2),
  "%%": () => "%",
};

/**
 * Reads a format such as `%Y/%m/%d`. Directives: `%Y` year, `%y` its last two digits, `%m` month, `%d` day,
 * `%j` day of the year, `%H` hour (00 to 23), `%M` minute, `%S` second, `%%` a percent sign; all padded with
 * zeros, in UTC.
 *
 * @returns a function that writes a date as a relative path
 * @throws {FiledirError} `date-format-invalid` for another directive, or if the path could leave its folder
 */
export function parseDateFormat(format: string): (date: Date) => string {
  for (const [directive] of format.matchAll(/%.?/gsu)) {
    if (!Object.hasOwn(DIRECTIVES, directive)) {
      throw invalid(
        format,
        `the directive ${quote(directive)} must be one of ${Object.keys(DIRECTIVES).join(" ")}`,
      );
    }
  }
  for (const part of format.split("/")) {
    if (part === "" || part === "." || part === ".." || /[\\\p{Cc}]/u.test(part)) {
      throw invalid(format, `the part ${quote(part)} must be the name of a folder`);
    }
  }
  return (date) => format.replace(/%./g, (directive) => DIRECTIVES[directive]!(date));
}

function invalid(format: string, problem: string): FiledirError {
  return new FiledirError("date-format-invalid", `read the option date_format ${quote(format)}: ${problem}`);
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function dayOfYear(date: Date): number {
  const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return (midnight - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000 + 1;
}
