import { deepEqual } from "node:assert/strict";
import { line, paintLine } from "./styled_text.ts";
import { cellOf, layOutTable, type TableLayout } from "./table_layout.ts";

const cells = (...texts: string[]) => texts.map((text) => cellOf(line(text)));
const render = (rows: Parameters<typeof layOutTable>[0], layout: TableLayout) =>
  layOutTable(rows, layout).map((spans) => paintLine(spans, false));

Deno.test("cells stand below each other", () => {
  deepEqual(
    render([cells("a", "1", "x"), cells("bbb", "22", "y")], { columns: 40, shrink: [], right: [1] }),
    [
      "a     1  x",
      "bbb  22  y",
    ],
  );
});

Deno.test("columns shrink in the order of the steps, no more than needed", () => {
  const rows = [cells("aaaaaaaaaa", "bbbbbbbbbb")];
  const shrink = [{ column: 1, width: 6 }, { column: 0, width: 3 }];
  deepEqual(render(rows, { columns: 20, shrink }), ["aaaaaaaaaa  bbbbbbb…"]);
  deepEqual(render(rows, { columns: 14, shrink }), ["aaaaa…  bbbbb…"]);
});

Deno.test("a column of width 0 goes away with its gap", () => {
  const shrink = [{ column: 1, width: 0 }];
  deepEqual(render([cells("aaaa", "bbbb", "cc")], { columns: 9, shrink }), ["aaaa  cc"]);
  deepEqual(render([cells("aaaa", "", "cc")], { columns: 9, shrink: [] }), ["aaaa  cc"]);
});

Deno.test("a row across the columns begins where its column does", () => {
  const rows = [cells("aa", "bb"), { across: line("and so on"), from: 1 }];
  deepEqual(render(rows, { columns: 10, shrink: [] }), ["aa  bb", "    and s…"]);
});
