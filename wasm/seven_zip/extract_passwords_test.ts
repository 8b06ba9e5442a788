import assert from "node:assert/strict";
import { loadSevenZip } from "./mod.ts";
import { fixture } from "./testing/archives.ts";

const sevenZip = await loadSevenZip();

function summary(name: string, passwords: readonly string[]) {
  const { files, problems, passwords: fitting } = sevenZip.extract(fixture(name), { passwords });
  return {
    files: files.map((file) => [file.path, file.content.length, file.password]),
    problems: problems.map(({ kind, entryCount, firstPath }) => [kind, entryCount, firstPath]),
    fitting,
  };
}

const THREE = [["a.txt", 12], ["b.txt", 1092], ["d/c.txt", 5]] as const;

for (
  const [name, password] of [
    ["zipcrypto.zip", "infected"],
    ["aes.zip", "secret"],
    ["encrypted.7z", "secret"],
    ["header_encrypted.7z", "secret"],
  ] as const
) {
  Deno.test(`${name} opens with the right password, wherever it stands in the list`, () => {
    for (const passwords of [[password], ["wrong", "", password, "other"]]) {
      assert.deepEqual(summary(name, passwords), {
        files: THREE.map((file) => [...file, password]),
        problems: [],
        fitting: [password],
      });
    }
  });
}

for (const name of ["zipcrypto.zip", "aes.zip", "encrypted.7z"]) {
  Deno.test(`${name} gives names and no contents without the right password`, () => {
    const none = { files: [], fitting: [] };
    assert.deepEqual(summary(name, ["wrong", "w2"]), { ...none, problems: [["wrong-password", 3, "a.txt"]] });
    assert.deepEqual(summary(name, []), { ...none, problems: [["encrypted", 3, "a.txt"]] });
    const { entries, archive } = sevenZip.extract(fixture(name));
    assert.deepEqual(entries.filter((entry) => entry.isEncrypted).map((entry) => entry.path), [
      "a.txt",
      "b.txt",
      "d/c.txt",
    ]);
    assert.equal(archive?.isHeaderEncrypted, false);
  });
}

for (const name of ["header_encrypted.7z", "header_encrypted_unpacked.7z"]) {
  Deno.test(`${name} gives nothing but its format without the right password`, () => {
    for (const [passwords, kind] of [[["wrong", "w2"], "wrong-password"], [[], "encrypted"]] as const) {
      const extraction = sevenZip.extract(fixture(name), { passwords });
      assert.equal(extraction.format, "7z");
      assert.equal(extraction.archive, undefined);
      assert.deepEqual(extraction.problems.map((problem) => problem.kind), [kind]);
    }
  });
}

Deno.test("headers that a wrong password turns into nonsense open with the right one", () => {
  // 7-Zip breaks off with an exception at each wrong one.
  const found = summary("header_encrypted_unpacked.7z", ["wrong", "w2", "secret"]);
  assert.deepEqual(found, { files: [["a.txt", 12, "secret"]], problems: [], fitting: ["secret"] });
  const { archive } = sevenZip.extract(fixture("header_encrypted_unpacked.7z"), { passwords: ["secret"] });
  assert.equal(archive?.isHeaderEncrypted, true);
});

Deno.test("each entry of an archive may have a password of its own, or none", () => {
  assert.deepEqual(summary("mixed.zip", ["wrong", "secret", "infected"]), {
    files: [["plain.txt", 12, undefined], ["a.txt", 12, "infected"], ["d/c.txt", 5, "secret"]],
    problems: [],
    fitting: ["secret", "infected"],
  });
  assert.deepEqual(summary("mixed.zip", ["infected"]), {
    files: [["plain.txt", 12, undefined], ["a.txt", 12, "infected"]],
    problems: [["wrong-password", 1, "d/c.txt"]],
    fitting: ["infected"],
  });
  assert.deepEqual(summary("mixed.zip", []).files, [["plain.txt", 12, undefined]]);
});

Deno.test("passwords with odd characters reach 7-Zip as they are, and unusable ones are left out", () => {
  const odd = [
    "-y",
    " ",
    '"quoted"',
    "@list",
    "pass word\n",
    "ünï😀",
    "\ud800",
    "a\0b",
    "x".repeat(2000),
    "--",
  ];
  const { files, fitting } = summary("zipcrypto.zip", [...odd, "infected"]);
  assert.equal(files.length, 3);
  assert.deepEqual(fitting, ["infected"]);
});

Deno.test("a password that fails on many entries is given up, and the right one still opens all", () => {
  const right = summary("many_encrypted.zip", ["wrong", "w2", "infected"]);
  assert.equal(right.files.length, 20);
  assert.deepEqual([right.problems, right.fitting], [[], ["infected"]]);
  assert.deepEqual(summary("many_encrypted.zip", ["wrong", "w2"]).problems, [["wrong-password", 20, "10"]]);
});
