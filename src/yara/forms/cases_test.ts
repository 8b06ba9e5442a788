import assert from "node:assert/strict";
import { loadYaraX } from "../../../wasm/yara_x/mod.ts";
import type { HexToken, Modifiers, PatternSyntax } from "../syntax.ts";
import { compilePattern } from "./compile_pattern.ts";
import type { PatternStatus } from "./compiled_pattern.ts";
import { followUp } from "./follow_up.ts";
import { oracle, renderPattern } from "./testing/oracle.ts";
import { scanForms } from "./testing/scan.ts";

const engine = await loadYaraX();

/** Recorded from YARA-X 1.20: `offset+length`, with `^key` for xor. */
interface Case {
  readonly name: string;
  readonly pattern: PatternSyntax;
  /** One character for each byte. */
  readonly content: string;
  readonly matches: string;
  readonly status?: PatternStatus;
  readonly anchoredAt?: number;
}

function text(value: string, modifiers: Modifiers = {}): PatternSyntax {
  return { kind: "text", identifier: "$a", at: 0, bytes: bytesOf(value), modifiers };
}

function bytesOf(value: string): Uint8Array {
  return Uint8Array.from(value, (character) => character.charCodeAt(0));
}

/** Reads as much of the notation as the cases need. */
function hex(source: string): PatternSyntax {
  const words = source.match(/[()|]|\[[^\]]*\]|~?[0-9A-F?]{2}/g) ?? [];
  return { kind: "hex", identifier: "$a", at: 0, modifiers: {}, tokens: readTokens(words) };
}

function readTokens(words: string[]): HexToken[] {
  const branches: HexToken[][] = [[]];
  for (let word = words.shift(); word !== undefined && word !== ")"; word = words.shift()) {
    const tokens = branches[branches.length - 1]!;
    if (word === "|") branches.push([]);
    else if (word === "(") tokens.push({ kind: "alternatives", branches: readBranches(words) });
    else tokens.push(word.startsWith("[") ? readJump(word) : readByte(word));
  }
  return branches.length === 1 ? branches[0]! : [{ kind: "alternatives", branches }];
}

function readBranches(words: string[]): HexToken[][] {
  const tokens = readTokens(words);
  const only = tokens[0];
  return tokens.length === 1 && only?.kind === "alternatives" ? only.branches.map((b) => [...b]) : [tokens];
}

function readJump(word: string): HexToken {
  const [from, to] = word.slice(1, -1).split("-");
  const start = Number(from || 0);
  if (to === undefined) return { kind: "jump", from: start, to: start };
  return to === "" ? { kind: "jump", from: start } : { kind: "jump", from: start, to: Number(to) };
}

function readByte(word: string): HexToken {
  const digits = word.replace("~", "");
  const mask = (digits[0] === "?" ? 0 : 0xf0) | (digits[1] === "?" ? 0 : 0x0f);
  const value = Number.parseInt(digits.replaceAll("?", "0"), 16);
  return { kind: "byte", value, mask, ...(word.startsWith("~") && { isNegated: true as const }) };
}

const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BOTH: Modifiers = { isAscii: true, isWide: true };
const WORD: Modifiers = { isFullword: true };
const FAR = ".".repeat(300);

const CASES: Case[] = [
  { name: "overlapping matches", pattern: text("aa"), content: "aaaa", matches: "0+2 1+2 2+2" },
  { name: "a text of one byte", pattern: text("a"), content: "abaa", matches: "0+1 2+1 3+1" },
  { name: "a text with zeros", pattern: text("a\0\0b"), content: "a\0\0ba\0\0b", matches: "0+4 4+4" },
  { name: "one byte in both widths", pattern: text("a", BOTH), content: "a\0a", matches: "0+1 2+1" },
  {
    name: "text and zero in both widths",
    pattern: text("a\0", BOTH),
    content: "a\0\0\0.a\0",
    matches: "0+2 5+2",
  },
  { name: "both widths", pattern: text("ab", BOTH), content: "ab a\0b\0", matches: "0+2 3+4" },
  {
    name: "both widths of a text that is zero behind its first byte",
    pattern: text("a\0\0\0", BOTH),
    content: "a\0\0\0\0\0\0\0\0",
    status: "existence",
    matches: "0+8",
  },
  {
    name: "nocase is ASCII only",
    pattern: text("\xe4B", { isNocase: true }),
    content: "\xe4b\xc4B\xe4B",
    matches: "0+2 4+2",
  },
  {
    name: "nocase knows no neighbours of letters",
    pattern: text("[a", { isNocase: true }),
    content: "{a[A",
    matches: "2+2",
  },
  {
    name: "fullword",
    pattern: text("ab", WORD),
    content: "ab.ab_ab1 ab cab ab",
    matches: "0+2 3+2 10+2 17+2",
  },
  {
    name: "wide fullword looks at two bytes",
    pattern: text("ab", { isWide: true, isFullword: true }),
    content: "xa\0b\0 x\0a\0b\0x\0 \x01a\0b\0 a\0b\0x. a\0b\0c",
    matches: "1+4 16+4 21+4 28+4",
  },
  {
    name: "xor with all keys",
    pattern: text("abc", { xor: { from: 0, to: 255 } }),
    content: "abc`cb.\x9e\x9d\x9c",
    matches: "0+3^0 3+3^1 7+3^255",
  },
  {
    name: "xor without key 0",
    pattern: text("abc", { xor: { from: 1, to: 255 } }),
    content: "abc`cb",
    matches: "3+3^1",
  },
  {
    name: "xor with one key",
    pattern: text("abc", { xor: { from: 1, to: 1 } }),
    content: "abc`cb",
    matches: "3+3^1",
  },
  {
    name: "xor of one byte",
    pattern: text("a", { xor: { from: 0, to: 3 } }),
    content: "abcde",
    matches: "0+1^0 1+1^3 2+1^2",
  },
  {
    name: "xor in both widths",
    pattern: text("ab", { ...BOTH, xor: { from: 0, to: 255 } }),
    content: "`c.`\x01c\x01.a\0b\0",
    matches: "0+2^1 3+4^1 8+4^0",
  },
  {
    name: "xor with fullword reads its neighbours with the key",
    pattern: text("abc", { isFullword: true, xor: { from: 0, to: 255 } }),
    content: ".`cb.y`cb!`cb\x00`cb`",
    matches: "1+3^1 10+3^1",
  },
  {
    name: "xor with wide and fullword",
    pattern: text("ab", { isWide: true, isFullword: true, xor: { from: 1, to: 1 } }),
    content: "y\x01`\x01c\x01!\x01`\x01c\x01y\x01..`\x01c\x01x",
    matches: "16+4^1",
  },
  {
    name: "base64 in all phases",
    pattern: text("foobar", { base64: "" }),
    content: `${btoa("foobar")} ${btoa("xfoobar")} ${btoa("xxfoobar")} ${btoa("foobarxx")} ${
      btoa("xfoobarxx")
    }`,
    matches: "0+8 11+7 25+7 35+8 50+7",
  },
  {
    name: "base64 of three bytes",
    pattern: text("foo", { base64: "" }),
    content: `${btoa("foo")}${btoa("xfoo")}${btoa("xxfoo")}`,
    matches: "0+4 6+3 15+3",
  },
  {
    name: "base64 wants bits behind the text to be those of a group",
    pattern: text("fooba", { base64: "" }),
    content: "Zm9vYmE= Zm9vYmF= Zm9vYmEx Zm9vYm",
    matches: "0+6 18+6",
  },
  {
    name: "base64 without the characters before",
    pattern: text("foobar", { base64: "" }),
    content: "Zvb2JhcgAA ..Zvb2JhcgAA",
    matches: "",
  },
  {
    name: "base64wide",
    pattern: text("foobar", { base64wide: "" }),
    content: [...`${btoa("xfoobarz")} ${btoa("foobar")}`].join("\0") + "\0",
    matches: "4+14 26+16",
  },
  {
    name: "base64 and base64wide of a wide text",
    pattern: text("foobar", { isWide: true, base64: "", base64wide: "" }),
    content: `${btoa("f\0o\0o\0b\0a\0r\0")} ${[...btoa("xf\0o\0o\0b\0a\0r\0")].join("\0")}\0\0`,
    matches: "0+16 21+30",
  },
  {
    name: "base64 with an alphabet",
    pattern: text("foobar", { base64: ALPHABET }),
    content: "Xk7tWkDw eEXtZ0Hfae Zm9vYmFy",
    matches: "0+8",
  },
  { name: "a masked byte", pattern: hex("41 ?2 43"), content: "ABC ARC AQC", matches: "0+3 4+3" },
  { name: "a masked high half", pattern: hex("41 4? 43"), content: "ABC AOC AQC", matches: "0+3 4+3" },
  { name: "wildcards at the ends", pattern: hex("?? 41 ??"), content: "A.A.A", matches: "1+3" },
  { name: "one byte", pattern: hex("41"), content: "A.A", matches: "0+1 2+1" },
  { name: "a negated byte", pattern: hex("41 ~42 43"), content: "ABCAACA.C", matches: "3+3 6+3" },
  { name: "a negated half", pattern: hex("41 ~4? 43"), content: "ABCAACA.C", matches: "6+3" },
  { name: "a fixed jump", pattern: hex("41 42 [2] 43 44"), content: "AB..CDAB.CD", matches: "0+6" },
  {
    name: "a jump takes the nearest end",
    pattern: hex("41 42 [0-9] 43 44"),
    content: "ABCDCD AB.CD.CD",
    matches: "0+4 7+5",
  },
  { name: "starts of one end", pattern: hex("41 42 [0-9] 43 44"), content: "ABABCD", matches: "0+6 2+4" },
  {
    name: "the second of two jumps may be shorter",
    pattern: hex("41 [0-4] 42 43 [0-4] 44"),
    content: "ABCBC..D.D",
    matches: "0+8",
  },
  {
    name: "a jump of 201 is no split",
    pattern: hex("41 42 [1-201] 43 44"),
    content: `AB${".".repeat(201)}CD`,
    matches: "0+205",
  },
  {
    name: "a split jump",
    pattern: hex("41 42 [0-300] 43 44"),
    content: `AB.AB${FAR}CD..CD`,
    matches: "3+304",
  },
  {
    name: "a jump without end",
    pattern: hex("41 42 [-] 43 44"),
    content: `AB.AB${FAR}${FAR}CD..CD`,
    matches: "0+607 3+604",
  },
  {
    name: "a jump with a beginning alone",
    pattern: hex("41 42 [4-] 43 44"),
    content: `ABCD..CD..CD`,
    matches: "0+8",
  },
  {
    name: "three pieces",
    pattern: hex("41 42 [-] 43 44 [-] 45 46"),
    content: "EFCDABEFCDABEFCDEFEF",
    matches: "4+10 10+8",
  },
  {
    name: "pieces of variable length lose matches",
    pattern: hex("41 42 [0-5] 43 44 [0-300] 45 46"),
    content: `ABCDxxCD${FAR}EF`,
    status: "candidate",
    matches: "",
  },
  {
    name: "a last piece of one byte",
    pattern: hex("41 42 [-] 43"),
    content: "AB..C",
    status: "candidate",
    matches: "0+5",
  },
  {
    name: "alternatives of one length",
    pattern: hex("41 (42 43 | 44 45) 46"),
    content: "ABCFADEFABEF",
    matches: "0+4 4+4",
  },
  {
    name: "alternatives of different lengths",
    pattern: hex("41 (42 | 43 44) 46"),
    content: "ABFACDFACF",
    matches: "0+3 3+4",
  },
  {
    name: "one alternative begins another",
    pattern: hex("41 42 43 44 (45 | 45 46)"),
    content: "ABCDEF",
    status: "existence",
    matches: "0+5",
  },
  {
    name: "nested alternatives",
    pattern: hex("41 (42 | (43 | 44 45) 46) 47"),
    content: "ABGACFGADEFG",
    matches: "0+3 3+4 7+5",
  },
  {
    name: "jumps inside of alternatives",
    pattern: hex("41 (42 [1-3] 43 | 44) 45"),
    content: "AB.CEADE",
    status: "existence",
    matches: "0+5 5+3",
  },
  {
    name: "alternatives behind a jump are tried one after the other",
    pattern: hex("41 42 43 44 [0-3] (58 31 | 59 32)"),
    content: "ABCDY2X1",
    status: "existence",
    matches: "0+8",
  },
  {
    name: "alternatives that the engine reads as a mask",
    pattern: hex("(00 | 01 | 02 | 05) 42 43 44"),
    content: "\x04BCD\x02BCD",
    status: "unknown",
    matches: "4+4",
  },
  {
    name: "nothing but wildcards",
    pattern: hex("?? ??"),
    content: "ABC",
    status: "unknown",
    matches: "0+2 1+2",
  },
  { name: "an anchored text", pattern: text("ab"), anchoredAt: 3, content: "ab.abab", matches: "3+2" },
  {
    name: "an anchored text with nocase",
    pattern: text("ab", { isNocase: true }),
    anchoredAt: 3,
    content: "ab.abab",
    matches: "0+2 3+2 5+2",
  },
  {
    name: "an anchored literal in hex",
    pattern: hex("61 62"),
    anchoredAt: 3,
    content: "ab.abab",
    matches: "3+2",
  },
  {
    name: "an anchored hex string with a wildcard",
    pattern: hex("61 ??"),
    anchoredAt: 3,
    content: "ab.abab",
    matches: "0+2 3+2 5+2",
  },
  {
    name: "anchored alternatives",
    pattern: hex("(61 62 | 63 64)"),
    anchoredAt: 3,
    content: "ab.cdab",
    matches: "3+2",
  },
  {
    name: "anchored alternatives of single bytes",
    pattern: hex("(61 | 63)"),
    anchoredAt: 3,
    content: "ab.cdab",
    status: "candidate",
    matches: "0+1 3+1 5+1",
  },
];

function recorded(matches: readonly { offset: number; length: number; xorKey?: number }[]): string {
  return matches.map(({ offset, length, xorKey }) =>
    `${offset}+${length}${xorKey === undefined ? "" : `^${xorKey}`}`
  )
    .join(" ");
}

for (const { name, pattern, content, matches, status = "exact", anchoredAt } of CASES) {
  Deno.test(`${name}: ${renderPattern(pattern)}`, () => {
    const compiled = compilePattern(pattern, anchoredAt === undefined ? {} : { anchoredAt });
    assert.equal(compiled.status, status);
    const bytes = bytesOf(content);
    const found = followUp(compiled, scanForms(compiled.forms, bytes), bytes);
    assert.equal(found.isCapped, false);
    if (status === "exact") assert.equal(recorded(found.matches), matches);
    if (status !== "existence") return;
    assert.deepEqual(
      found.matches.map(({ offset }) => offset),
      matches.split(" ").map((match) => Number.parseInt(match)),
    );
  });
}

Deno.test("YARA-X finds in these cases what is recorded", async () => {
  const cases = CASES.map(({ pattern, anchoredAt }) => ({
    pattern,
    ...(anchoredAt !== undefined && { condition: `$a at ${anchoredAt} or filesize >= 0` }),
  }));
  const contents = CASES.map(({ content }) => bytesOf(content));
  const found = await oracle(engine, cases, contents);
  CASES.forEach(({ name, matches }, i) => assert.equal(recorded(found[i]![i]!), matches, name));
});
