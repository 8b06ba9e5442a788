/**
 * The responses whose reports are kept in `testdata/`.
 *
 * @module
 */

import type { ErrorRecord, PayloadResults, StoqResponse } from "../../../core/contract/contract.ts";
import type { PlainRecord } from "../../../core/contract/plain.ts";
import { sampleError, sampleFinding, samplePayload, sampleResponse } from "./sample_response.ts";

/** A report that is compared with a file. */
export interface SampleCase {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly response: StoqResponse;
  readonly columns: number;
  readonly isColor?: boolean;
}

/** All cases. */
export function sampleCases(): SampleCase[] {
  const nested = nestedArchive();
  return [
    { name: "plain_file", response: plainFile(), columns: 80 },
    { name: "nested_archive", response: nested, columns: 100 },
    { name: "nested_archive_color", response: nested, columns: 100, isColor: true },
    { name: "nested_archive_narrow", response: nested, columns: 40 },
    { name: "three_thousand", response: threeThousand(), columns: 100 },
    { name: "hostile_names", response: hostileNames(), columns: 80 },
    { name: "circles", response: circles(), columns: 80 },
    { name: "nothing", response: sampleResponse([]), columns: 80 },
    { name: "many_of_everything", response: manyOfEverything(), columns: 80 },
  ];
}

const bytes = (text: string) => new TextEncoder().encode(text);

function plainFile(): StoqResponse {
  return sampleResponse([
    samplePayload("note", {
      filename: "note.txt",
      sizeBytes: 34,
      mimetype: "text/plain",
      workers: { yara: { matches: [] }, entropy: { entropy: 3.664_251_9 } },
      timings: { hash: 0.4, mimetype: 1.6, yara: 4.2, entropy: 0.1 },
    }),
  ]);
}

/** A zip in a zip: findings of several severities, indicators, blind spots, duplicates, errors, results of several shapes. */
function nestedArchive(): StoqResponse {
  return sampleResponse([invoice(), innerArchive(), document(), program(), resource(), readme()], {
    errors: [
      timedOut("document"),
      timedOut("program"),
      sampleError("Final worker round (10) reached, unable to process payload", {
        payloadId: "resource",
        code: "limit-recursion",
      }),
      ...["document", "program", "readme"].map((payloadId) => notInstalled("lief", payloadId)),
      notInstalled("ole", "document"),
    ],
    decorators: { jinja: "Ticket: SOC-1234\nVerdict:\tmalicious\n" },
  }, [
    { code: "encrypted", count: 1, payloadIds: ["inner"], detail: "3 of 5 entries" },
    {
      code: "unparsed",
      mediaType: "application/x-dosexec",
      count: 2,
      payloadIds: ["program", "resource"],
    },
  ]);
}

function invoice(): PayloadResults {
  return samplePayload("invoice", {
    filename: "invoice_2026-11.zip",
    sizeBytes: 187_342,
    mimetype: "application/zip",
    workers: { decompress: {}, yara: { matches: [] } },
    archivers: { filedir: { path: "archive/a/8/7/0/0/a8700bd44a27da845169218c91d9b3ddd0828ef6" } },
    timings: { hash: 0.4, mimetype: 1.6, yara: 14.2, decompress: 312 },
  });
}

function innerArchive(): PayloadResults {
  return samplePayload("inner", {
    filename: "scan/documents.zip",
    sizeBytes: 152_001,
    mimetype: "application/zip",
    from: ["invoice"],
    workers: { decompress: {}, yara: { matches: [] } },
    extraData: { password: "infected", encrypted: true },
    timings: { hash: 0.4, mimetype: 1.6, yara: 12.7, decompress: 1_250 },
  });
}

function document(): PayloadResults {
  return samplePayload("document", {
    filename: "Lieferschein.docm",
    sizeBytes: 48_640,
    mimetype: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    from: ["invoice"],
    findings: [
      sampleFinding("Macro runs when the document is opened", {
        plugin: "mraptor",
        code: "macro-autoexec",
        severity: "high",
        attack: ["T1137.001", "T1059.005"],
        detail: "AutoOpen, Shell",
        offset: 0x304,
      }),
    ],
    indicators: [
      ...Array.from({ length: 45 }, (_, index) => ({
        kind: "url" as const,
        value: `http://bad.example.net/payload/${index}/update.bin`,
        context: "macro AutoOpen",
      })),
      { kind: "ipv4", value: "192.0.2.17" },
      { kind: "email", value: "who@bad.example.net", context: "author" },
    ],
    workers: {
      mraptor: {
        suspicious: true,
        flags: ["AutoExec", "Execute"],
        filetype: "OpenXML",
        matches: ["AutoOpen", "Shell"],
      },
      iocextract: {
        url: Array.from({ length: 45 }, (_, index) => `http://bad.example.net/payload/${index}/update.bin`),
        ipv4: ["192.0.2.17", "198.51.100.4"],
      },
    },
    shouldArchive: false,
  });
}

function program(): PayloadResults {
  return samplePayload("program", {
    filename: "Rechnung.pdf.exe",
    sizeBytes: 97_792,
    mimetype: "application/x-dosexec",
    from: ["inner", "invoice"],
    by: ["decompress", "pecarve"],
    findings: [
      sampleFinding("dos_stub", { severity: "info", detail: "rule dos_stub", offset: 0x4e }),
      sampleFinding("Text that ransomware leaves behind: files are encrypted, pay to get them back", {
        severity: "critical",
        detail: "rule crime:Ransom_Note_Generic",
        offset: 0x1a2c,
      }),
    ],
    indicators: [{ kind: "ipv4", value: "192.0.2.17", offset: 77 }],
    alsoSeenAs: [
      {
        filename: "copy of Rechnung.pdf.exe",
        extractedFrom: "inner",
        extractedBy: "decompress",
        extraData: {},
      },
      { filename: null, extractedFrom: "invoice", extractedBy: "pecarve", extraData: { offset: 34 } },
    ],
    workers: { peinfo: programHeaders(), yara: { matches: [ransomMatch()] } },
    explain: [
      {
        plugin: "yara",
        role: "dispatcher",
        ran: true,
        reason: "dispatchers; named peinfo (rule exe_file), lief (rule exe_file); asked 2 times; " +
          "not again, since results did not change",
      },
      { plugin: "hash", role: "worker", ran: true, reason: "always_dispatch" },
      { plugin: "mimetype", role: "worker", ran: true, reason: "always_dispatch" },
      { plugin: "peinfo", role: "worker", ran: true, reason: "dispatcher yara (rule exe_file)" },
      {
        plugin: "lief",
        role: "worker",
        ran: false,
        reason: 'Plugin "lief" failed to load: no plugin of this name is installed; ' +
          "asked for: dispatcher yara (rule exe_file)",
      },
      { plugin: "filedir", role: "dest-archiver", ran: false, reason: "should_archive is false" },
      {
        plugin: "*",
        role: null,
        ran: false,
        reason: "met again with the same bytes (2 times): scanned once",
      },
    ],
    timings: { hash: 0.4, mimetype: 1.6, yara: 64.9, peinfo: 21.4, xyz: 0.2 },
  });
}

function ransomMatch(): PlainRecord {
  return {
    tags: ["ransom", "win32"],
    namespace: "crime",
    rule: "Ransom_Note_Generic",
    meta: {
      description: "Text that ransomware leaves behind: files are encrypted, pay to get them back",
      severity: "critical",
    },
    strings: [
      [0x1a2c, "$note", bytes("Ooops, your files have been encrypted!")],
      [0x1f00, "$wide", bytes("w\0a\0l\0l\0e\0t\0")],
      [0x20, "$code", new Uint8Array([0x6a, 0x40, 0x68, 0, 0x30, 0, 0])],
      ...Array.from({ length: 12 }, (_, index) => [0x2000 + index, "$key", bytes("key")]),
    ],
  };
}

function programHeaders(): PlainRecord {
  return {
    imphash: "f34d5f2d4577ed6d9ceec516c1f5a744",
    compile_time: "2019-03-04 11:22:33",
    is_packed: true,
    sections: ["UPX0", "UPX1", ".rsrc"].map((name, index) => ({
      name,
      virtsize: 0x1000 * (index + 1),
      entropy: 7.993_218_123 - index,
      md5: "d41d8cd98f00b204e9800998ecf8427e",
    })),
    imports: {
      "KERNEL32.dll": ["LoadLibraryA", "GetProcAddress", "VirtualProtect"],
      "WS2_32.dll": ["ordinal 115"],
    },
  };
}

function resource(): PayloadResults {
  return samplePayload("resource", {
    extraData: { offset: 0x1400 },
    sizeBytes: 1_204,
    from: ["program"],
    by: "pecarve",
    shouldScan: false,
  });
}

function readme(): PayloadResults {
  const body = "Guten Tag,\n\nanbei\tdie Rechnung.\n".repeat(5);
  return samplePayload("readme", {
    filename: "LIESMICH.txt",
    sizeBytes: 312,
    mimetype: "text/plain",
    from: ["inner"],
    workers: { smtp: { subject: "Ihre Rechnung", body } },
  });
}

function timedOut(payloadId: string): ErrorRecord {
  return sampleError("worker:failed to scan: no answer within 60 s", {
    pluginName: "decompress",
    payloadId,
    code: "plugin-timeout",
  });
}

function notInstalled(pluginName: string, payloadId: string): ErrorRecord {
  return sampleError(`Plugin "${pluginName}" failed to load: no plugin of this name is installed`, {
    pluginName,
    payloadId,
    code: "plugin-not-found",
  });
}

function threeThousand(): StoqResponse {
  const members = Array.from(
    { length: 2_990 },
    (_, index): PayloadResults =>
      samplePayload(`member ${index}`, {
        filename: `xl/worksheets/sheet${index}.xml`,
        sizeBytes: 400 + index,
        mimetype: "text/xml",
        from: ["mail"],
        findings: index % 7 === 3
          ? [sampleFinding("Xml_External_Link", { severity: "low", offset: index })]
          : [],
      }),
  );
  const inside = Array.from({ length: 9 }, (_, index): PayloadResults =>
    samplePayload(`inside ${index}`, {
      filename: `stream${index}`,
      from: ["member 2000"],
      by: "ole",
      findings: index === 8
        ? [sampleFinding("Code that asks where it is", { severity: "high", detail: "rule Shellcode_GetPC" })]
        : [],
    }));
  const errors = members.slice(0, 400).map(({ payloadId }, index) =>
    sampleError(`Unable to decompress SWF payload at offset ${index}`, {
      pluginName: "swfcarve",
      payloadId,
      code: "bad-swf",
    })
  );
  const mail = samplePayload("mail", {
    filename: "mail.eml",
    sizeBytes: 12_345_678,
    mimetype: "message/rfc822",
  });
  return sampleResponse([mail, ...members, ...inside], { errors });
}

function hostileNames(): StoqResponse {
  const names = [
    "\x1b]0;owned\x07\x1b[2J\x1b[31mclear.exe",
    "one\nname\r\non lines",
    "invoice\u202Efdp.exe",
    `${"a".repeat(9_990)}.pdf.scr`,
    "lone \ud800 and \udc00 surrogates",
    "請求書・見積書一覧表請求書・見積書一覧表請求書・見積書一覧表請求書・見積書一覧表.xlsx",
    "😀😀😀 party 🎉.exe",
    `Zalgo${"\u0300".repeat(500)}.exe`,
    "blank.txt                    12 B  text/plain",
    "\u200b\u2066\ufeff",
    "tab\there",
    "",
  ];
  return sampleResponse([
    samplePayload("top", { filename: "\x1b[5mtop\x9b31m.zip", mimetype: "application/\x1b[31mzip" }),
    ...names.map((filename, index) =>
      samplePayload(`child ${index}`, {
        filename,
        from: ["top"],
        by: "evil\x1b[0m",
        ...(index === 0 && {
          findings: [
            sampleFinding("Rule\x1b[2J", {
              plugin: "p\x07",
              code: "c\x1b[31m",
              severity: "high",
              detail: "two\nlines\x07",
              attack: ["T\x1b[2J"],
              offset: 1,
            }),
          ],
          indicators: [{ kind: "url", value: "http://a.example/\x1b[31m", context: "\u202elink" }],
          workers: { "evil\x07": { "key\x1b": "value\x1b[2J\nsecond\x9b line" }, bel: "\x07" },
        }),
      })
    ),
  ], {
    errors: [
      sampleError("failed\x1b[2J\nto parse \u202Ename", { pluginName: "p\x07", payloadId: "child 1" }),
      { ...notInstalled("ghost\x1b[31m", "child 1") },
    ],
    decorators: { jinja: "\x1b[2Jfirst\r\nsecond\u2028third" },
    scanId: "\x1b[2Jabc",
    time: "\x1b[2J",
    requestMeta: { archivePayloads: true, source: "gate\nway\x1b", extraData: {} },
  }, [{
    code: "c\x1b[2J",
    count: 1,
    mediaType: "a/\x1b[2J",
    payloadIds: ["child 1"],
    detail: "d\x1b[2J\nx",
  }]);
}

function circles(): StoqResponse {
  return sampleResponse([
    samplePayload("self", { filename: "quine.zip", from: ["self"], alsoSeenAs: [duplicate("self")] }),
    samplePayload("first", { filename: "first.zip", from: ["third"] }),
    samplePayload("second", { filename: "second.zip", from: ["first"] }),
    samplePayload("third", { filename: "third.zip", from: ["second", "third", "second"] }),
    samplePayload("orphan", { filename: "orphan.bin", from: ["nobody"], by: "pecarve" }),
    samplePayload("shared", { filename: "shared.bin", from: ["orphan", "first", "second", "self"] }),
  ]);
}

function duplicate(parent: string) {
  return { filename: null, extractedFrom: parent, extractedBy: "decompress", extraData: {} };
}

/** More findings, indicators and blind spots than a report lists. */
function manyOfEverything(): StoqResponse {
  const payloads = Array.from({ length: 30 }, (_, index) =>
    samplePayload(`p${index}`, {
      filename: `file${index}.bin`,
      findings: [
        sampleFinding(`Remarkable thing ${index}`, { severity: index % 3 === 0 ? "medium" : "low" }),
        sampleFinding("Everywhere the same", { plugin: "other", code: "same", severity: "info" }),
      ],
      indicators: Array.from({ length: 20 }, (_, number) => ({
        kind: (["url", "domain", "sha256", "ipv6", "file_path", "mutex"] as const)[index % 6]!,
        value: `${index}.${number}.example`,
      })),
    }));
  const blindSpots = Array.from({ length: 15 }, (_, index) => ({
    code: index < 8 ? "unparsed" : `limit-${index}`,
    mediaType: index < 8 ? `application/x-type${index}` : undefined,
    count: 25,
    payloadIds: payloads.slice(0, 20).map(({ payloadId }) => payloadId),
  }));
  return sampleResponse(payloads, {}, blindSpots);
}
