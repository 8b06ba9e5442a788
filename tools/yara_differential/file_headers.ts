/**
 * The first bytes of files that rules ask for.
 *
 * @module
 */

import type { Random } from "./random.ts";

const ENTRY_POINT = 0x1000;

/** The head of some kind of file. */
export function fileHeader(random: Random): Uint8Array {
  const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return random.pick([
    () => minimalPe(),
    () => minimalElf(),
    () => latin1("PK\x03\x04\x14\x00\x00\x00\x08\x00"),
    () => latin1("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    () => latin1("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    () => latin1("{\\rtf1\\ansi"),
    () => latin1("MZ"),
    () => latin1("#!/bin/sh\n"),
    () => latin1("<?php "),
    () => latin1("\xca\xfe\xba\xbe\x00\x00\x00\x34"),
    () => latin1("\x1f\x8b\x08\x00"),
    () => latin1("L\x00\x00\x00\x01\x14\x02\x00"),
  ])();
}

/** A PE of 32 bits with one section, valid enough for `pe` to be defined. */
export function minimalPe(): Uint8Array {
  const bytes = new Uint8Array(0x400);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(0x3c, 0x80, true);
  view.setUint32(0x80, 0x4550, true);
  const coff = 0x84;
  view.setUint16(coff, 0x14c, true);
  view.setUint16(coff + 2, 1, true);
  view.setUint32(coff + 4, 0x5000_0000, true);
  view.setUint16(coff + 16, 0xe0, true);
  view.setUint16(coff + 18, 0x102, true);
  const optional = coff + 20;
  view.setUint16(optional, 0x10b, true);
  view.setUint32(optional + 16, ENTRY_POINT, true);
  view.setUint32(optional + 28, 0x40_0000, true);
  view.setUint32(optional + 32, 0x1000, true);
  view.setUint32(optional + 36, 0x200, true);
  view.setUint32(optional + 56, 0x2000, true);
  view.setUint32(optional + 60, 0x200, true);
  view.setUint16(optional + 68, 2, true);
  view.setUint32(optional + 92, 16, true);
  const section = optional + 0xe0;
  bytes.set(new TextEncoder().encode(".text"), section);
  for (const [i, value] of [0x200, ENTRY_POINT, 0x200, 0x200].entries()) {
    view.setUint32(section + 8 + 4 * i, value, true);
  }
  view.setUint32(section + 36, 0x6000_0020, true);
  return bytes;
}

/** The head of an ELF of 64 bits without sections. */
export function minimalElf(): Uint8Array {
  const bytes = new Uint8Array(0x40);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 0x3e, true);
  view.setUint32(20, 1, true);
  view.setUint16(52, 0x40, true);
  return bytes;
}
