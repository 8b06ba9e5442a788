import assert from "node:assert/strict";
import { tokenize } from "./lexer.ts";
import { type TokenKind, tokenText } from "./token.ts";

/** Every trap of the language in one text. */
const SAMPLE = `// rule a { condition: "not" }
import "pe" /* include "x.yar"
*/ include "dir/b.yar"
private global rule name_1 : tag1 tag2
{
  meta:
    text = "a \\" quote, \\\\" // "comment
    n = -12
  strings:
    $a = /http:\\/\\/[^\\/]+"{2}/is wide
    $b = { 12 ?? [2-4] (AB | C?) // } "
           /* } */ ~FF }
    $ = "// no comment /* { /x/" nocase
  condition:
    #a >= 0x1F and @b[1] != 1KB and !a[1] == 0o17 and for any of ($a*, $b) : ($ in (0..filesize)) or
    1.5 \\ 2 << 3 == 4 and pe.sections[0].name matches /x|y/i
}
`;

/** Kind and characters of each token, up to a problem. */
function words(source: string): [TokenKind, string][] {
  return tokenize(source).tokens.map((token) => [token.kind, tokenText(source, token)]);
}

function texts(source: string): string[] {
  return words(source).map(([, text]) => text);
}

Deno.test("a text with every trap splits into its tokens", () => {
  assert.equal(tokenize(SAMPLE).problem, undefined);
  const found = words(SAMPLE);
  const ofKind = (kind: TokenKind) => found.filter(([k]) => k === kind).map(([, text]) => text);
  assert.deepEqual(ofKind("text"), [
    '"pe"',
    '"dir/b.yar"',
    '"a \\" quote, \\\\"',
    '"// no comment /* { /x/"',
  ]);
  assert.deepEqual(ofKind("regexp"), ['/http:\\/\\/[^\\/]+"{2}/is', "/x|y/i"]);
  assert.deepEqual(ofKind("hex"), ['{ 12 ?? [2-4] (AB | C?) // } "\n           /* } */ ~FF }']);
  assert.deepEqual(ofKind("number"), ["12", "0x1F", "1", "1KB", "1", "0o17", "0", "1.5", "2", "3", "4", "0"]);
  assert.deepEqual(ofKind("pattern"), ["$a", "$b", "$", "#a", "@b", "!a", "$a*", "$b", "$"]);
  assert.deepEqual(ofKind("unknown"), []);
  assert.equal(ofKind("word").at(-1), "matches");
});

Deno.test("tokens carry the line and column on which they begin", () => {
  const source = 'a /* \n */ "b"\n\t{';
  const places = tokenize(source).tokens.map(({ line, column }) => [line, column]);
  assert.deepEqual(places, [[1, 1], [2, 5], [3, 2]]);
  const hex = "$a = { 00\n01 }\nx";
  assert.deepEqual(tokenize(hex).tokens.at(-1), { kind: "word", start: 15, end: 16, line: 3, column: 1 });
});

Deno.test("a text that ends anywhere gives tokens that are in it, and a problem only for an open end", () => {
  const whole = tokenize(SAMPLE).tokens;
  for (let size = 0; size <= SAMPLE.length; size++) {
    const source = SAMPLE.slice(0, size);
    const { tokens, problem } = tokenize(source);
    let last = 0;
    for (const token of tokens) {
      assert.ok(token.start >= last && token.end > token.start && token.end <= size, `at ${size}`);
      last = token.end;
    }
    // A number that is cut, such as `0x`, makes two tokens; all before stand for what they are in the whole text.
    assert.deepEqual(tokens.slice(0, -2), whole.slice(0, Math.max(0, tokens.length - 2)), `at ${size}`);
    if (problem) {
      assert.match(problem.message, /^unterminated (text string|regular expression|hex string|comment)$/);
      assert.ok(problem.start >= last && problem.start < size, `at ${size}`);
    }
  }
});

Deno.test("what has no end is a problem at the place where it begins", () => {
  const cases: [source: string, message: string, line: number, column: number][] = [
    ['\n x "abc', "unterminated text string", 2, 4],
    ['"abc\n"', "unterminated text string", 1, 1],
    ['"abc\\', "unterminated text string", 1, 1],
    ['"abc\\\n"', "unterminated text string", 1, 1],
    ["/abc", "unterminated regular expression", 1, 1],
    ["/abc\\/", "unterminated regular expression", 1, 1],
    ["/a\r\n/", "unterminated regular expression", 1, 1],
    ["$a = { 00 // }", "unterminated hex string", 1, 6],
    ["$a = { 00 /* } ", "unterminated hex string", 1, 6],
    ["a\n /* *", "unterminated comment", 2, 2],
  ];
  for (const [source, message, line, column] of cases) {
    const { problem } = tokenize(source);
    assert.deepEqual([problem?.message, problem?.line, problem?.column], [message, line, column], source);
  }
});

Deno.test("a slash begins a comment or a regular expression, since division is a backslash", () => {
  assert.deepEqual(texts("6 \\ 2 // 3\n/a/"), ["6", "\\", "2", "/a/"]);
  assert.deepEqual(texts("/a/*b /*c*/ /d/ //*e*/ /f/"), ["/a/", "*", "b", "/d/"]);
});

Deno.test("a character class does not protect a slash, as in YARA's own lexer", () => {
  assert.deepEqual(texts("/[/]"), ["/[/", "]"]);
});

Deno.test("a brace begins a hex string behind an equals sign alone", () => {
  assert.deepEqual(words("a{b}"), [["word", "a"], ["sign", "{"], ["word", "b"], ["sign", "}"]]);
  assert.deepEqual(words("={b}"), [["sign", "="], ["hex", "{b}"]]);
  assert.deepEqual(words("== {b}").map(([kind]) => kind), ["sign", "sign", "word", "sign"]);
  assert.deepEqual(words("= /* c */ { b // }\n}"), [["sign", "="], ["hex", "{ b // }\n}"]]);
});

Deno.test("an exclamation mark is a length unless an equals sign follows", () => {
  assert.deepEqual(words("!a != !"), [["pattern", "!a"], ["sign", "!="], ["pattern", "!"]]);
});

Deno.test("a star belongs to a set of patterns, not to a count", () => {
  assert.deepEqual(texts("$a* #a*2"), ["$a*", "#a", "*", "2"]);
});

Deno.test("two dots make a range, one a fraction or a member", () => {
  assert.deepEqual(texts("1..2 1.5 a.b"), ["1", "..", "2", "1.5", "a", ".", "b"]);
});

Deno.test("a character that is no part of the language is a token of its own", () => {
  assert.deepEqual(words("a\u00e9\u{1f600};"), [
    ["word", "a"],
    ["unknown", "\u00e9"],
    ["unknown", "\u{1f600}"],
    ["unknown", ";"],
  ]);
});

Deno.test("a long text on a single line splits to its end", () => {
  const many = "rule a { condition: true } ".repeat(40_000);
  assert.equal(tokenize(many).tokens.length, 280_000);
});
