/**
 * Classes of characters in YARA text.
 *
 * @module
 */

const WORD_START = 1;
const DIGIT = 2;
const BLANK = 4;
const LONELY_SIGN = 8;
/** Bits of each ASCII character. */
const CLASSES = fillClasses();
/** Value of each ASCII character as a hex digit, 16 for `?`, else 255. */
const NIBBLES = fillNibbles();

/** Whether a word may begin with the character: a letter or an underscore. */
export function isWordStart(code: number): boolean {
  return code < 128 && (CLASSES[code]! & WORD_START) !== 0;
}

/** Whether the character may follow the start of a word. */
export function isWordPart(code: number): boolean {
  return code < 128 && (CLASSES[code]! & (WORD_START | DIGIT)) !== 0;
}

/** Whether the character is an operator or bracket that begins no longer one. */
export function isLonelySign(code: number): boolean {
  return code < 128 && (CLASSES[code]! & LONELY_SIGN) !== 0;
}

/** Whether the character is a decimal digit. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether the character is an octal digit. */
export function isOctalDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x37;
}

/** The value of a hex digit, 16 for the wildcard `?`, 255 for anything else. */
export function nibbleOf(code: number): number {
  return code < 128 ? NIBBLES[code]! : 255;
}

/** Whether the character separates tokens; YARA-X counts some blanks of Unicode, and no form feed. */
export function isBlank(code: number): boolean {
  if (code < 128) return (CLASSES[code]! & BLANK) !== 0;
  return code === 0xa0 || (code >= 0x2000 && code <= 0x200a) || code === 0x202f || code === 0x205f;
}

function fillClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 0x41; code <= 0x5a; code++) classes[code] = classes[code + 0x20] = WORD_START;
  classes[0x5f] = WORD_START;
  for (let code = 0x30; code <= 0x39; code++) classes[code] = DIGIT;
  for (const code of [0x09, 0x0a, 0x0d, 0x20]) classes[code] = BLANK;
  for (const sign of "%&()*+,-.:[\\]^{|}~") classes[sign.charCodeAt(0)] = LONELY_SIGN;
  return classes;
}

function fillNibbles(): Uint8Array {
  const nibbles = new Uint8Array(128).fill(255);
  for (let value = 0; value < 16; value++) {
    const digit = value.toString(16);
    nibbles[digit.charCodeAt(0)] = nibbles[digit.toUpperCase().charCodeAt(0)] = value;
  }
  nibbles[0x3f] = 16;
  return nibbles;
}
