import assert from "node:assert/strict";
import { withRoomsTable } from "./rooms_table.ts";

const START = "<!-- Generated from tools/lint/rooms.ts by deno task gen -->";
const END = "<!-- End -->";

Deno.test("the table stands between its two lines and has a row for each room", () => {
  const rooms = [
    { at: "src/a/", holds: "the first", imports: ["src/b/", "src/c.ts"], types: ["src/d/"] },
    { at: "src/b/", holds: "the second", imports: [], types: ["**"] },
    { at: "src/c.ts", holds: "the third", imports: [] },
  ];
  assert.equal(
    withRoomsTable(`# Page\n\n${START}\nold\n${END}\n\nMore\n`, rooms),
    `# Page

${START}

| room | what is in it | may import |
| --- | --- | --- |
| \`src/a/\` | the first | \`src/b/\`, \`src/c.ts\`; types of \`src/d/\` |
| \`src/b/\` | the second | types of everything |
| \`src/c.ts\` | the third | nothing |

${END}

More
`,
  );
});
