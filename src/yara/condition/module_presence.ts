/**
 * Whether a module of YARA-X certainly has no members for a content, from its first bytes. In doubt it has.
 *
 * @module
 */

import { isPe } from "../../formats/pe/mod.ts";

const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46];

/** Whether the module's members are all absent for this content. */
export function moduleIsAbsent(module: string, content: Uint8Array): boolean {
  switch (module) {
    case "pe":
      return !isPe(content);
    case "elf":
      return ELF_MAGIC.some((byte, i) => content[i] !== byte);
    default:
      return false;
  }
}
