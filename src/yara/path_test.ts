import assert from "node:assert/strict";
import { resolveInclude } from "./path.ts";

Deno.test("an include is relative to the file that says it", () => {
  const cases: [from: string, included: string, path: string][] = [
    ["/r/index.yar", "a.yar", "/r/a.yar"],
    ["/r/index.yar", "./sub//a.yar", "/r/sub/a.yar"],
    ["/r/sub/index.yar", "../a.yar", "/r/a.yar"],
    ["/r/index.yar", "../../../a.yar", "/a.yar"],
    ["index.yar", "a.yar", "a.yar"],
    ["index.yar", "../a.yar", "../a.yar"],
    ["r/index.yar", "../../a.yar", "../a.yar"],
    ["/r/index.yar", "/other/./a.yar", "/other/a.yar"],
    ["C:\\r\\index.yar", "sub\\a.yar", "C:\\r\\sub\\a.yar"],
    ["C:\\r\\index.yar", "..\\a.yar", "C:\\a.yar"],
    ["C:/r/index.yar", "../a.yar", "C:/a.yar"],
    ["/r/index.yar", "D:\\a.yar", "D:\\a.yar"],
  ];
  for (const [from, included, path] of cases) assert.equal(resolveInclude(from, included), path);
});
