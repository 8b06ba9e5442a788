import assert from "node:assert/strict";
import type {
  ExtractionBudget,
  PasswordCandidate,
  PayloadInput,
  PayloadView,
  PlainRecord,
  WorkerResponse,
} from "../../src/plugin/define.ts";
import { CONTEXT, scanWith } from "../../src/plugin/kit/testing/plugin_calls.ts";
import manifest from "./manifest.json" with { type: "json" };
import decompress, { type DecompressOptions } from "./mod.ts";

const DEFAULTS: DecompressOptions = {
  passwords: manifest.options.passwords.default,
  maximumSize: undefined,
  alwaysDispatch: manifest.options.always_dispatch.default,
  archiveExtracted: manifest.options.archive_extracted.default,
  formats: undefined,
  excludeFormats: manifest.options.exclude_formats.default,
};

const BUDGET: ExtractionBudget = {
  payloadBytes: 100_000_000,
  extractedBytes: 400_000_000,
  isBoundByExpansion: false,
  payloads: 10_000,
};

interface Scan {
  readonly options?: Partial<DecompressOptions>;
  readonly budget?: Partial<ExtractionBudget>;
  readonly extraData?: PlainRecord;
  readonly passwords?: readonly PasswordCandidate[];
}

async function scan(content: Uint8Array, how: Scan = {}): Promise<WorkerResponse> {
  const response = await scanWith(decompress, { ...DEFAULTS, ...how.options }, content, {
    payload: { payloadMeta: { extraData: how.extraData ?? {} } as PayloadView["payloadMeta"] },
    request: {
      passwords: how.passwords ?? [],
      budget: { ...BUDGET, ...how.budget },
    },
  });
  assert.ok(response !== undefined);
  return response;
}

function fixture(name: string): Uint8Array {
  const base64 = Deno.readTextFileSync(new URL(`./testdata/${name}.b64`, import.meta.url));
  return Uint8Array.from(atob(base64.replaceAll("\n", "")), (char) => char.charCodeAt(0));
}

function contentOf(extracted: PayloadInput): string {
  return typeof extracted.content === "string"
    ? extracted.content
    : new TextDecoder().decode(extracted.content);
}

function codes(response: WorkerResponse): (string | undefined)[] {
  return (response.errors ?? []).map((failure) => typeof failure === "string" ? undefined : failure.code);
}

function names(response: WorkerResponse): unknown[] {
  return (response.extracted ?? []).map((extracted) => extracted.payloadMeta?.extraData?.filename);
}

Deno.test("an archive gives its files and the list of its entries", async () => {
  const { results, extracted, errors } = await scan(fixture("encrypted.zip"));
  assert.deepEqual(errors, []);
  assert.deepEqual(
    extracted?.map((file) => [contentOf(file).length, file.payloadMeta]),
    [
      ["a.txt", 12],
      ["b.txt", 1092],
      ["d/c.txt", 5],
    ].map(([path, size]) => [size, {
      shouldArchive: true,
      dispatchTo: [],
      extraData: {
        filename: String(path).replace("d/", ""),
        path,
        modified: "2024-03-24 10:27:12",
        encrypted: true,
      },
    }]),
  );
  const { entries, ...archive } = results as { entries: PlainRecord[] };
  assert.deepEqual(archive, {
    format: "zip",
    physical_size: 901,
    encrypted: true,
    password: { value: "infected", origin: "option passwords" },
    entry_count: 3,
  });
  assert.deepEqual(entries[1], {
    path: "b.txt",
    size: 1092,
    packed_size: 528,
    encrypted: true,
    method: "ZipCrypto Deflate",
    modified: "2024-03-24 10:27:12",
    crc: "88A40576",
    host_os: "Unix",
  });
});

Deno.test("options decide how extracted payloads are handled", async () => {
  const options = { alwaysDispatch: ["hash", "yara"], archiveExtracted: false };
  const { extracted } = await scan(fixture("encrypted.zip"), { options });
  for (const { payloadMeta } of extracted!) {
    assert.deepEqual([payloadMeta?.dispatchTo, payloadMeta?.shouldArchive], [["hash", "yara"], false]);
  }
});

Deno.test("passwords come from the request, the payload and the options, in this order", async () => {
  const none = { options: { passwords: [] } };
  const locked = fixture("locked.7z");
  assert.deepEqual(codes(await scan(locked, none)), ["archive-encrypted"]);
  assert.deepEqual(codes(await scan(locked)), ["archive-wrong-password"]);
  const passwords = ["wrong", "secret"];
  const found = passwords.map((value) => ({ value, origin: "mail body" }));
  const byUser = { value: "secret", origin: "user", index: 3 };
  const cases: readonly [Scan, PlainRecord][] = [
    [{ ...none, extraData: { passwords } }, { value: "secret", origin: "extra_data of the payload" }],
    [{ ...none, extraData: { passwords: "secret" } }, {
      value: "secret",
      origin: "extra_data of the payload",
    }],
    [{ options: { passwords }, passwords: found }, { value: "secret", origin: "mail body" }],
    [{ options: { passwords } }, { value: "secret", origin: "option passwords" }],
    [{ options: { passwords }, extraData: { passwords }, passwords: [byUser] }, { origin: "user", index: 3 }],
  ];
  for (const [how, expected] of cases) {
    const response = await scan(locked, how);
    assert.deepEqual([names(response), codes(response)], [["a.txt", "b.txt", "c.txt"], []]);
    const { password, header_encrypted } = response.results as PlainRecord;
    assert.deepEqual([password, header_encrypted], [expected, true]);
  }
});

Deno.test("a password of the user appears nowhere as text", async () => {
  const passwords = [{ value: "secret", origin: "user", index: 0 }, {
    value: "infected",
    origin: "user",
    index: 1,
  }];
  for (const name of ["locked.7z", "mixed.zip"]) {
    const { extracted, ...rest } = await scan(fixture(name), { options: { passwords: [] }, passwords });
    const text = JSON.stringify([rest, extracted?.map(({ payloadMeta }) => payloadMeta)]);
    assert.ok(!/secret|infected/.test(text), text);
  }
});

Deno.test("passwords of a payload are handed down", async () => {
  const { extracted } = await scan(fixture("encrypted.zip"), { extraData: { passwords: ["infected", "x"] } });
  assert.deepEqual(extracted?.[0]?.payloadMeta?.extraData?.passwords, ["infected", "x"]);
});

Deno.test("several passwords in one archive are all named", async () => {
  const { results, extracted } = await scan(fixture("mixed.zip"), {
    passwords: [{ value: "secret", origin: "mail body" }],
  });
  const { password, passwords } = results as PlainRecord;
  const first = { value: "secret", origin: "mail body" };
  assert.deepEqual([password, passwords], [first, [first, {
    value: "infected",
    origin: "option passwords",
  }]]);
  const encrypted = extracted?.map(({ payloadMeta }) => payloadMeta?.extraData?.encrypted);
  assert.deepEqual(encrypted, [undefined, true, true]);
});

Deno.test("what stays locked is reported with what was opened", async () => {
  const response = await scan(fixture("mixed.zip"), { options: { passwords: ["infected"] } });
  assert.deepEqual(names(response), ["plain.txt", "a.txt"]);
  assert.deepEqual(response.errors, [{
    message: 'Cannot fully unpack "d/c.txt": no password fits, 1 tried',
    code: "archive-wrong-password",
  }]);
  assert.deepEqual(response.blindSpots, [{ code: "encrypted", detail: "1 of 3 entries" }]);
});

Deno.test("an archive that can't be opened still has a format", async () => {
  const { results, extracted, blindSpots } = await scan(fixture("locked.7z"));
  assert.deepEqual([results, extracted], [{ format: "7z", header_encrypted: true }, []]);
  assert.deepEqual(blindSpots, [{
    code: "encrypted",
    detail: "the headers are encrypted and no password fits, 7 tried",
  }]);
});

Deno.test("what is no archive is an error without results", async () => {
  for (const content of [new Uint8Array(0), new TextEncoder().encode("text/plain"), new Uint8Array(1000)]) {
    const { results, extracted, errors, findings, blindSpots } = await scan(content);
    assert.deepEqual([results, extracted, findings, blindSpots], [undefined, [], [], []]);
    assert.deepEqual(errors, [{
      message: "Cannot open the payload: no format that was tried knows it",
      code: "not-an-archive",
    }]);
  }
});

Deno.test("maximum_size and the budget bound a payload, whichever is less", async () => {
  const bomb = fixture("bomb.zip");
  for (
    const how of [
      { options: { maximumSize: 299_999 } },
      { budget: { payloadBytes: 1000 }, options: { maximumSize: 10_000_000 } },
    ]
  ) {
    const response = await scan(bomb, how);
    assert.deepEqual([names(response), codes(response)], [["first.txt", "last.txt"], [
      "limit-payload-bytes",
    ]]);
  }
  assert.deepEqual(names(await scan(bomb, { options: { maximumSize: 300_000 } })).length, 3);
});

Deno.test("the budget bounds all payloads together", async () => {
  const bomb = fixture("bomb.zip");
  const bytes = await scan(bomb, { budget: { extractedBytes: 300_000 } });
  assert.deepEqual([names(bytes), codes(bytes)], [["first.txt", "last.txt"], ["limit-extracted-bytes"]]);
  const ratio = await scan(bomb, { budget: { extractedBytes: 300_000, isBoundByExpansion: true } });
  assert.deepEqual([names(ratio), codes(ratio)], [["first.txt", "last.txt"], ["limit-expansion-ratio"]]);
  const count = await scan(bomb, { budget: { payloads: 1 } });
  assert.deepEqual(names(count), ["first.txt"]);
  assert.deepEqual(count.errors, [{
    message: 'Cannot fully unpack "bomb.bin" and 1 more entry: no more than 1 may be extracted',
    code: "limit-payloads",
  }]);
});

Deno.test("hostile names are labels, and findings", async () => {
  const { results, extracted, errors, findings } = await scan(fixture("hostile_names.zip"));
  assert.deepEqual(errors, []);
  assert.deepEqual(
    extracted?.map(({ payloadMeta }) => [payloadMeta?.extraData?.filename, payloadMeta?.extraData?.path]),
    [
      ["up.txt", "../../up.txt"],
      ["abs.txt", "/abs.txt"],
      ["win.exe", "C:\\dir\\win.exe"],
      ["line\nbreak.txt", "line\nbreak.txt"],
      ["\u202efdp.exe", "\u202efdp.exe"],
      ["twice", "twice"],
      ["twice", "twice"],
      [undefined, ".."],
    ],
  );
  const { suspicious, entries } = results as { suspicious: PlainRecord[]; entries: PlainRecord[] };
  assert.deepEqual(suspicious, [
    { trait: "path-traversal", count: 2, first: "../../up.txt" },
    { trait: "absolute-path", count: 2, first: "/abs.txt" },
    { trait: "control-characters", count: 1, first: "line\nbreak.txt" },
    { trait: "bidi-override", count: 1, first: "\u202efdp.exe" },
    { trait: "duplicate-path", count: 1, first: "twice" },
  ]);
  assert.deepEqual(findings, [
    { code: "path-traversal", detail: '"../../up.txt" and 1 more' },
    { code: "absolute-path", detail: '"/abs.txt" and 1 more' },
    { code: "control-characters", detail: '"line\\nbreak.txt"' },
    { code: "bidi-override", detail: '"\\u202efdp.exe"' },
    { code: "duplicate-path", detail: '"twice"' },
  ]);
  assert.deepEqual([entries[3]?.path, entries[8]], ["line\nbreak.txt", {
    path: "dir",
    size: 0,
    packed_size: 0,
    is_directory: true,
    method: "Store",
    modified: "2024-01-01 00:00:00",
    host_os: "Unix",
  }]);
});

Deno.test("links and devices are listed, and not extracted", async () => {
  const { results, extracted, errors } = await scan(fixture("links.tar"));
  assert.deepEqual(errors, []);
  assert.deepEqual(extracted?.map((file) => [file.payloadMeta?.extraData?.path_bytes, contentOf(file)]), [
    [undefined, "a"],
    [Uint8Array.of(0xff, 0x61), "b"],
  ]);
  const { entries, suspicious } = results as { entries: PlainRecord[]; suspicious: unknown };
  assert.deepEqual(entries.map((entry) => entry.link_target ?? entry.is_special), [
    undefined,
    "a.txt",
    "../../etc/passwd",
    "a.txt",
    true,
    undefined,
  ]);
  assert.deepEqual(suspicious, [{ trait: "link-escape", count: 1, first: "out" }]);
});

Deno.test("a compressed file without a name gets one from its container", async () => {
  const nameOf = async (filename: string | undefined) =>
    names(await scan(fixture("nameless.gz"), { extraData: { filename } }))[0];
  assert.equal(await nameOf("dir/note.txt.gz"), "note.txt");
  assert.equal(await nameOf("backup.TGZ"), "backup.tar");
  for (const filename of [undefined, "note", ".gz", ""]) assert.equal(await nameOf(filename), undefined);
});

Deno.test("a wrong declared size and damage are reported with the payload", async () => {
  const lengthened = await scan(fixture("long_declared.zip"));
  assert.deepEqual(lengthened.extracted?.map((file) => [contentOf(file), file.payloadMeta?.extraData]), [[
    "short",
    {
      filename: "liar.bin",
      path: "liar.bin",
      modified: "2024-01-01 00:00:00",
      size_declared: 1_000_000_000,
      damaged: "truncated",
    },
  ]]);
  assert.deepEqual(codes(lengthened), ["archive-truncated"]);
  assert.deepEqual(lengthened.blindSpots, [{ code: "truncated", detail: "1 of 1 entry" }]);
  const broken = await scan(fixture("broken_crc.zip"));
  assert.equal(broken.extracted?.[0]?.payloadMeta?.extraData?.damaged, "damaged");
  assert.deepEqual(broken.errors, [{
    message: 'Cannot fully unpack "a\\n.txt": CRC Failed',
    code: "archive-damaged",
  }]);
  assert.deepEqual(broken.blindSpots?.map(({ code }) => code), ["damaged"]);
});

Deno.test("a limit is an error, of which the engine makes a blind spot", async () => {
  const { errors, blindSpots } = await scan(fixture("bomb.zip"), { options: { maximumSize: 1 } });
  assert.ok((errors ?? []).length > 0);
  assert.deepEqual(blindSpots, []);
});

Deno.test("formats can be chosen, and an unknown one is refused when the plugin is made", async () => {
  const encrypted = fixture("encrypted.zip");
  assert.deepEqual(codes(await scan(encrypted, { options: { excludeFormats: ["zip"] } })), [
    "not-an-archive",
  ]);
  assert.deepEqual(codes(await scan(encrypted, { options: { formats: ["7z"] } })), ["not-an-archive"]);
  await assert.rejects(async () => await decompress({ ...DEFAULTS, formats: ["zipp"] }, CONTEXT), RangeError);
});

Deno.test("the description of an archive is bounded", async () => {
  const { results } = await scan(fixture("encrypted.zip"));
  assert.ok(!("entries_left_out" in (results as object)));
  const { MAX_DESCRIBED_ENTRIES, describeArchive } = await import("./archive_results.ts");
  const entry = {
    path: "x".repeat(100_000),
    kind: "file" as const,
    sizeBytes: 1,
    packedBytes: 1,
    isEncrypted: false,
    method: undefined,
    modified: undefined,
    crc32: undefined,
    hostSystem: undefined,
    comment: undefined,
    linkTarget: undefined,
  };
  const archive = {
    isHeaderEncrypted: false,
    offset: undefined,
    physicalBytes: undefined,
    tailBytes: undefined,
    method: undefined,
    isSolid: undefined,
    comment: undefined,
    remarks: [],
  };
  const entries = Array.from({ length: MAX_DESCRIBED_ENTRIES + 5 }, () => entry);
  const described = describeArchive({
    format: "zip",
    archive,
    entries,
    entryCount: 2_000_000,
    isEntryCountAtLeast: true,
    files: [],
    passwords: [],
    problems: [],
  }, { traits: [], candidates: [] });
  const bounded = described as { entries: { path: string }[]; entries_left_out: number };
  assert.equal((described as PlainRecord).entry_count_is_at_least, true);
  assert.equal(bounded.entries.length, MAX_DESCRIBED_ENTRIES);
  assert.equal(bounded.entries_left_out, 2_000_000 - MAX_DESCRIBED_ENTRIES);
  assert.ok(bounded.entries.every(({ path }) => path.length === 4096 && path.endsWith("…")));
});
