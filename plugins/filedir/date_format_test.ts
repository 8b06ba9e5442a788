import assert from "node:assert/strict";
import { parseDateFormat } from "./date_format.ts";

const DATE = new Date("2024-02-09T03:04:05.678Z");

/** Expected as `date -u -d 2024-02-09T03:04:05Z +FORMAT` (GNU coreutils 9.1) writes them. */
const CASES = [
  ["%Y/%m/%d", "2024/02/09"],
  ["%y%j", "24040"],
  ["%H-%M-%S", "03-04-05"],
  ["100%%", "100%"],
  ["%%Y", "%Y"],
  ["fixed/$&/%Y", "fixed/$&/2024"],
] as const;

for (const [format, expected] of CASES) {
  Deno.test(`the date format ${format} writes ${expected}`, () => {
    assert.equal(parseDateFormat(format)(DATE), expected);
  });
}

Deno.test("dates are in UTC up to the edges of a year", () => {
  const write = parseDateFormat("%Y %j");
  assert.equal(write(new Date("2024-01-01T00:00:00Z")), "2024 001");
  assert.equal(write(new Date("2024-12-31T23:59:59Z")), "2024 366");
  assert.equal(write(new Date("2023-12-31T23:59:59Z")), "2023 365");
});

for (const format of ["%B", "%Y/%q", "%-d", "%", "%Y%", "%é", "%\n"]) {
  Deno.test(`the date format ${JSON.stringify(format)} is refused for its directive`, () => {
    assert.throws(() => parseDateFormat(format), {
      code: "date-format-invalid",
      message: /^read the option date_format ".+": the directive ".+" must be one of %Y %y /,
    });
  });
}

for (const format of ["", "/%Y", "%Y//%d", "%Y/", "../%Y", "%Y/./%d", "a\\b", "a\nb", "a\0b"]) {
  Deno.test(`the date format ${JSON.stringify(format)} is refused for its path`, () => {
    assert.throws(() => parseDateFormat(format), {
      code: "date-format-invalid",
      message: /: the part ".*" must be the name of a folder$/,
    });
  });
}
