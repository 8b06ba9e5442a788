import assert from "node:assert/strict";
import { kindOfRemark, readMessage } from "./messages.ts";

Deno.test("fixed texts are messages, names that look alike are not", () => {
  assert.deepEqual(readMessage("ERROR: Wrong password"), {
    about: "entry",
    kind: "wrong-password",
    detail: "Wrong password",
  });
  assert.equal(readMessage("ERROR: Unsupported Method")?.about, "entry");
  for (
    const piece of [
      "",
      " : ",
      "\n",
      "Wrong password",
      "x\nERROR: Wrong password",
      "ERROR: Wrong password : x",
    ]
  ) {
    assert.equal(readMessage(piece), undefined);
  }
});

Deno.test("messages about links carry path and target", () => {
  const refused = "Dangerous link path was ignored : a : ../../x";
  assert.deepEqual(readMessage(refused), { about: "symlink", rest: "a : ../../x" });
  const hard = "Cannot create hard link : errno=34 : Too many links : /out/a : /out/b";
  assert.deepEqual(readMessage(hard), { about: "hardlink", rest: "/out/a : /out/b" });
});

Deno.test("want of memory is about the archive", () => {
  assert.equal(readMessage("ERROR: Can't allocate required memory!")?.about, "archive");
});

Deno.test("remarks are sorted by how serious they are", () => {
  assert.equal(kindOfRemark("Unexpected end of archive"), "truncated");
  assert.equal(kindOfRemark("Headers Error"), "damaged");
  assert.equal(kindOfRemark("There are data after the end of archive"), undefined);
});
