/**
 * PE files with damage, the same each time for a seed.
 *
 * @module
 */

import { buildPe, type PePlan } from "./pe_builder.ts";

/** Files without damage, with all tables. */
export const PLANS: readonly PePlan[] = [
  {
    imports: [
      { library: "KERNEL32.dll", functions: ["Sleep", "CreateFileA", 5] },
      { library: "WS2_32.dll", functions: [3, 23, 115, 9_999] },
      { library: "oleaut32.DLL", functions: [2, "VariantInit", 443] },
      { library: "kernel32.dll", functions: ["sleep"] },
      { library: "twice.dll.dll", functions: ["A"] },
    ],
    delayedImports: [{ library: "delay.sys", functions: ["Later", 9] }],
    exports: { library: "own.dll", base: 5, functions: ["one", null, "Two", "=forward", "two"] },
    resources: [
      { type: 3, id: 1, language: 1033, data: new Uint8Array(20) },
      { type: "BIN", id: "name", language: 0, data: new Uint8Array(30).fill(7) },
      { type: 24, id: 0, language: 9, data: new Uint8Array(8) },
    ],
    version: { CompanyName: "Microsoft Corporation", ProductName: "Ünï", InternalName: "" },
    rich: [[0x1234, 0x104, 3], [2, 3, 4], [7, 0x104, 5]],
    pdbPath: "c:\\work\\x.pdb",
    overlay: new Uint8Array(40).fill(0x4f),
    moreSections: [".vmp0", "/4", "ab\0cd"],
  },
  {
    is64: true,
    characteristics: 0x2022,
    imports: [{ library: "a.ocx", functions: ["First", 2] }, { library: "wsock32.dll", functions: [1, 1] }],
    delayedImports: [{ library: "later.dll", functions: [4, "Four"] }],
    exports: { library: "b.dll", base: 1, functions: ["ServiceMain", "DllMain"] },
    resources: [{ type: 10, id: 101, language: 2052, data: new Uint8Array(50) }],
    version: { LegalCopyright: "none", OriginalFilename: "b.dll" },
    pdbPath: "b.pdb",
  },
  { timestamp: 0 },
  { is64: true, overlay: new Uint8Array(3), rich: [] },
];

/** Numbers from a seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number below a limit. */
  below(limit: number): number {
    // Mulberry32.
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** One of several. */
  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

/** A file with some damage: numbers replaced, bytes copied to where they don't belong, or its end cut off. */
export function mutant(dice: Dice): Uint8Array<ArrayBuffer> {
  const bytes = buildPe(dice.of(PLANS));
  const view = new DataView(bytes.buffer);
  const headerAt = view.getUint32(0x3c, true);
  for (let i = dice.below(4); i >= 0; i--) {
    const at = Math.min(placeOf(dice, bytes.length, headerAt), bytes.length - 8);
    switch (dice.below(6)) {
      case 0:
        bytes[at] = dice.below(256);
        break;
      case 1:
        view.setUint16(
          at,
          dice.of([0, 1, 2, 96, 97, 0x10b, 0x20b, 0x7fff, 0x8001, 0xffff, dice.below(0x1_0000)]),
          true,
        );
        break;
      case 2:
      case 3:
        view.setUint32(at, numberFor(dice, bytes.length), true);
        break;
      case 4:
        view.setUint32(at, view.getUint32(at, true) + dice.below(17) - 8, true);
        break;
      default:
        bytes.copyWithin(at, placeOf(dice, bytes.length, headerAt), at + dice.below(64));
    }
  }
  return dice.below(5) === 0 ? bytes.slice(0, dice.below(bytes.length + 1)) : bytes;
}

/** Mostly where numbers are that matter. */
function placeOf(dice: Dice, sizeBytes: number, headerAt: number): number {
  const most = sizeBytes - 8;
  switch (dice.below(6)) {
    case 0:
      return dice.below(most);
    case 1:
      return headerAt + 4 + dice.below(20);
    case 2:
      return headerAt + 24 + dice.below(240);
    case 3:
      return headerAt + 24 + 96 + 4 * dice.below(32);
    case 4:
      return headerAt + 24 + 224 + dice.below(90);
    default:
      return 0x800 + 4 * dice.below(Math.max(1, (most - 0x800) >> 2));
  }
}

function numberFor(dice: Dice, sizeBytes: number): number {
  return dice.of([
    0,
    1,
    dice.below(64),
    dice.below(sizeBytes),
    sizeBytes,
    0x1000,
    0x1000 + dice.below(0x200),
    0x2000 + dice.below(0x600),
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0000 + dice.below(0x600),
    0x8001_0000,
    0xffff_ffff,
    0xffff_fff0,
    dice.below(2 ** 32),
  ]);
}
