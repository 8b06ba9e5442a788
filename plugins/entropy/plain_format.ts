/**
 * Formats that hold text, structures or pixels, and neither compressed nor encrypted data.
 *
 * @module
 */

/** How many bytes at the start show what markup it is. */
const MARKUP_BYTES = 512;

const MARKUP = /^<(?:!doctype|!--|\?xml|html|head|body|svg|script|hta:application)[\s>?[-]/i;
const BATCH = /^@echo off\s/i;
/** Its `AppendedData` may hold raw compressed bytes behind the markup, as the format's specification says. */
const VTK = /<VTKFile\s/;

/** Header size and class id of a shell link. */
const SHORTCUT = "4c0000000114020000000000c000000000000046";

/** Says whether a payload has a format in which no region looks random. */
export function isPlainFormat(content: Uint8Array): boolean {
  return isPlainText(content) || isShortcut(content) || isBitmap(content);
}

function isPlainText(content: Uint8Array): boolean {
  // UTF-16 is read as its low bytes.
  const start = new TextDecoder("latin1").decode(content.subarray(0, MARKUP_BYTES))
    .replaceAll("\0", "").replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, "").trimStart();
  return BATCH.test(start) || (MARKUP.test(start) && !VTK.test(start));
}

function isShortcut(content: Uint8Array): boolean {
  return content.subarray(0, SHORTCUT.length / 2).toHex() === SHORTCUT;
}

/** Pixels of 24 or 32 bits without compression; with fewer bits the indices into a palette may be as even as random bytes. */
function isBitmap(content: Uint8Array): boolean {
  if (content.length < 54 || content[0] !== 0x42 || content[1] !== 0x4d) return false;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const headerBytes = view.getUint32(14, true);
  const bitsPerPixel = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  return headerBytes >= 40 && headerBytes <= 124 && (bitsPerPixel === 24 || bitsPerPixel === 32) &&
    (compression === 0 || compression === 3);
}
