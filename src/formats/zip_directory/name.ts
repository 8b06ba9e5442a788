/**
 * Names of a zip: UTF-8 where a flag says so, otherwise code page 437 by the specification.
 *
 * @module
 */

import type { ByteReader } from "../bytes/mod.ts";

const FLAG_UTF8 = 0x800;
/** Characters 0x80 to 0xff. */
const CODE_PAGE_437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀" +
  "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/** Reads a name or a comment by the flags of its header. */
export function readZipText(reader: ByteReader, offset: number, sizeBytes: number, flags: number): string {
  if (flags & FLAG_UTF8) return reader.utf8(offset, sizeBytes);
  const text = reader.latin1(offset, sizeBytes);
  return text.replace(/[\x80-\xff]/g, (character) => CODE_PAGE_437[character.charCodeAt(0) - 0x80]!);
}
