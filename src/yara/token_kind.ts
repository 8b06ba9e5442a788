/**
 * What the scanner finds. Kinds of tokens are numbers, so that reading megabytes of rules makes no object for a token:
 * a sign of one character has its code, all others follow from 128.
 *
 * @module
 */

export const PERCENT = 0x25;
export const AMPERSAND = 0x26;
export const PAREN_OPEN = 0x28;
export const PAREN_CLOSE = 0x29;
export const STAR = 0x2a;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const COLON = 0x3a;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const GREATER = 0x3e;
export const BRACKET_OPEN = 0x5b;
export const BACKSLASH = 0x5c;
export const BRACKET_CLOSE = 0x5d;
export const CARET = 0x5e;
export const BRACE_OPEN = 0x7b;
export const PIPE = 0x7c;
export const BRACE_CLOSE = 0x7d;
export const TILDE = 0x7e;

/** The end of the text. */
export const END = 128;
/** A character, or something without an end, that belongs to nothing. */
export const UNKNOWN = 129;
/** An identifier that is no keyword. */
export const WORD = 130;
export const INTEGER = 131;
export const FLOAT = 132;
/** A quoted string, of one line or in triple quotes. */
export const TEXT = 133;
/** A regular expression with its flags. */
export const REGEXP = 134;
/** `$a` or `$`. */
export const PATTERN = 135;
/** `#a` or `#`. */
export const COUNT = 136;
/** `@a` or `@`. */
export const OFFSET = 137;
/** `!a` or `!`. */
export const LENGTH = 138;
export const IS_EQUAL = 139;
export const IS_UNEQUAL = 140;
export const AT_MOST = 141;
export const AT_LEAST = 142;
export const SHIFT_LEFT = 143;
export const SHIFT_RIGHT = 144;

/** Kinds from here on are keywords. */
export const FIRST_KEYWORD = 160;
export const ALL = 160;
export const AND = 161;
export const ANY = 162;
export const ASCII = 163;
export const AT = 164;
export const BASE64 = 165;
export const BASE64WIDE = 166;
export const CONDITION = 167;
export const CONTAINS = 168;
export const DEFINED = 169;
export const ENDSWITH = 170;
export const ENTRYPOINT = 171;
export const FALSE = 172;
export const FILESIZE = 173;
export const FOR = 174;
export const FULLWORD = 175;
export const GLOBAL = 176;
export const ICONTAINS = 177;
export const IENDSWITH = 178;
export const IEQUALS = 179;
export const IMPORT = 180;
export const IN = 181;
export const INCLUDE = 182;
export const ISTARTSWITH = 183;
export const MATCHES = 184;
export const META = 185;
export const NOCASE = 186;
export const NONE = 187;
export const NOT = 188;
export const OF = 189;
export const OR = 190;
export const PRIVATE = 191;
export const RULE = 192;
export const STARTSWITH = 193;
export const STRINGS = 194;
export const THEM = 195;
export const TRUE = 196;
export const WIDE = 197;
export const WITH = 198;
export const XOR = 199;
