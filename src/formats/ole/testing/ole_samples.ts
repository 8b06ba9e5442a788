/**
 * Compound files of which `olefile` has said what is in them.
 *
 * @module
 */

import { buildOle } from "./ole_builder.ts";

const bytes = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, i) => (i * seed + (i >> 8)) & 0xff);
const WORD = Uint8Array.fromHex("0609020000000000c000000000000046");
const MODIFIED = 132_223_104_000_000_000n;

const ENTRIES = [
  { name: "\x05SummaryInformation", data: bytes(300, 3) },
  { name: "Empty", data: new Uint8Array(0) },
  {
    name: "Macros",
    modified: MODIFIED,
    entries: [
      {
        name: "VBA",
        clsid: WORD,
        entries: [{ name: "dir", data: bytes(70, 5) }, { name: "_VBA_PROJECT", data: bytes(4_095, 7) }],
      },
      { name: "PROJECT", data: bytes(64, 11) },
    ],
  },
  { name: "WordDocument", data: bytes(9_000, 13) },
  { name: "Übergröße", data: bytes(4_096, 17) },
];

/** Files by name. */
export const OLE_SAMPLES: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "version3.ole": buildOle({ entries: ENTRIES }),
  "version4.ole": buildOle({ entries: ENTRIES, majorVersion: 4 }),
  "scattered.ole": buildOle({ entries: ENTRIES, isScattered: true }),
  "orphans.ole": buildOle({ entries: ENTRIES, orphans: ["VBA", "Empty"] }),
  "cut.ole": buildOle({ entries: ENTRIES, isScattered: true }).subarray(0, 12_000).slice(),
};
