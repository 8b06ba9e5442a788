/**
 * Random conditions, most of them well-typed, with many undefined values.
 *
 * @module
 */

/** Draws a number from zero to a maximum, both included. */
export type Draw = (most: number) => number;

/** External variables of generated conditions. */
export const EXTERNALS = { n: 5, neg: -3, f: 1.5, t: true, u: false, s: "abC", e: "", g: "é" } as const;

/** Earlier rules, true and false. */
export const EARLIER_RULES = "rule yes { condition: true } rule no { condition: false }";

const PATTERNS = ["$_a", "$_b", "$_c", "$_d"] as const;
/** Texts that patterns may have; they are searched as they are. */
export const PATTERN_TEXTS = ["a", "ab", "aa", "aba", "b", "bb", "zz", "MZ"] as const;

const INTEGERS = [
  ...["0", "1", "2", "3", "5", "7", "60", "63", "64", "65", "255", "256", "2147483647", "2147483648"],
  ...["4294967295", "4294967296", "9007199254740991", "9007199254740993", "9223372036854775807", "1KB"],
];
const READS = [
  "uint8",
  "uint16",
  "uint32",
  "uint8be",
  "uint16be",
  "uint32be",
  "int8",
  "int16",
  "int32",
  "int16be",
];
const TEXTS = ['"a"', '"ab"', '"ABC"', '"abc"', '""', '"\\xc3\\xa9"', "s", "e", "g"];
const PE_INTEGERS = [
  "pe.timestamp",
  "pe.sections[0].raw_data_size",
  'pe.imports("a")',
  "pe.sections.len()",
  "pe.DLL",
];
const MATH = ["math.entropy", "math.mean"];

/** A condition in YARA's language. */
export function drawCondition(draw: Draw): string {
  return new Generator(draw).condition(3);
}

class Generator {
  #variables: string[] = [];
  #patternLoops = 0;

  constructor(readonly draw: Draw) {}

  condition(depth: number): string {
    const leaf = () => this.#leaf(depth);
    if (depth <= 0) return leaf();
    return this.#either<string>(
      leaf,
      leaf,
      leaf,
      () => `not ${this.#bracketed(depth)}`,
      () => `defined ${this.#bracketed(depth)}`,
      () => this.#chain(depth, "and"),
      () => this.#chain(depth, "or"),
      () => `(${this.#quantifier(depth)} of (${this.#several(() => this.condition(depth - 1)).join(", ")}))`,
      () => this.#loopOverPatterns(depth),
      () => this.#loop(depth),
      () => this.#loop(depth),
      () => this.#with(depth),
    );
  }

  #bracketed(depth: number): string {
    return `(${this.condition(depth - 1)})`;
  }

  #chain(depth: number, word: string): string {
    return `(${this.#several(() => this.condition(depth - 1)).join(` ${word} `)})`;
  }

  #leaf(depth: number): string {
    const d = depth - 1;
    return this.#either<string>(
      () => this.#of(["true", "false", "yes", "no", "t", "u", "pe.is_pe", "pe.is_dll()", 'pe.exports("a")']),
      () => `${this.#pattern()}${this.#place(d)}`,
      () => `${this.#pattern()}${this.#place(d)}`,
      () => `(${this.#quantifier(d)} of ${this.#set()}${this.#place(d)})`,
      () => `${this.#integer(d)} ${this.#comparison()} ${this.#integer(d)}`,
      () => `${this.#integer(d)} ${this.#comparison()} ${this.#integer(d)}`,
      () => `${this.#float(d)} ${this.#comparison()} ${this.#of([this.#float(d), this.#integer(d)])}`,
      () => `${this.#text()} ${this.#textOperator()} ${this.#text()}`,
      () => `${this.#of(["t", "u"])} == ${this.#of(["t", "u", "n", "1", "0"])}`,
      () => this.#of([this.#integer(d), this.#float(d), this.#text()]),
    );
  }

  #textOperator(): string {
    const words = ["contains", "icontains", "startswith", "istartswith", "endswith", "iendswith", "iequals"];
    return this.#of([...words, "==", "!=", "<", ">="]);
  }

  #loopOverPatterns(depth: number): string {
    const head = `for ${this.#quantifier(depth - 1)} of ${this.#set()}`;
    this.#patternLoops++;
    const loop = `${head} : (${this.condition(depth - 1)})`;
    this.#patternLoops--;
    return loop;
  }

  #loop(depth: number): string {
    const d = depth - 1;
    const iterable = this.#either<string>(
      () => this.#range(d),
      () => `(${this.#several(() => this.#integer(d)).join(", ")})`,
    );
    const head = `for ${this.#quantifier(d)} v${this.#variables.length} in ${iterable}`;
    return `${head} : (${this.#inside([`v${this.#variables.length}`], () => this.condition(d))})`;
  }

  #with(depth: number): string {
    const value = this.#integer(depth - 1);
    const name = `v${this.#variables.length}`;
    return `with ${name} = ${value} : (${this.#inside([name], () => this.condition(depth - 1))})`;
  }

  #inside(names: readonly string[], generate: () => string): string {
    this.#variables.push(...names);
    const text = generate();
    this.#variables.length -= names.length;
    return text;
  }

  #quantifier(depth: number): string {
    return this.#either<string>(
      () => this.#of(["any", "all", "none", "0", "1", "2", "3", "n", "neg", "(n-5)", "uint8(500)"]),
      () => this.#of(["any", "all", "none"]),
      () => `${this.#of(["0", "1", "25", "50", "66", "67", "100"])}%`,
      () => `(${this.#integer(depth)})`,
    );
  }

  #set(): string {
    return this.#either(
      () => "them",
      () => `(${this.#several(() => this.#of(PATTERNS)).join(", ")})`,
      () => "($_a, $_*)",
    );
  }

  #pattern(): string {
    return this.#patternLoops > 0 && this.draw(1) === 1 ? "$" : this.#of(PATTERNS);
  }

  #patternName(): string {
    return this.#pattern().slice(1);
  }

  #place(depth: number): string {
    return this.#either(
      () => "",
      () => ` at ${this.#smallInteger(depth)}`,
      () => ` in ${this.#range(depth)}`,
    );
  }

  #range(depth: number): string {
    return `(${this.#smallInteger(depth)}..${this.#smallInteger(depth)})`;
  }

  /** Loops over long ranges take the engine's time, and large offsets make it fail. */
  #smallInteger(depth: number): string {
    return this.#either<string>(
      () => String(this.draw(9)),
      () => this.#of(["n", "neg", "filesize", "uint8(0)", "uint8(900)", "filesize-2", "n-6", "n-4"]),
      () => `#${this.#patternName()}`,
      () => `(${this.#integer(depth)} % 16)`,
      ...this.#variables.map((name) => () => `(${name} % 9)`),
    );
  }

  #integer(depth: number): string {
    const leaf = () => this.#integerLeaf();
    if (depth <= 0) return leaf();
    const d = depth - 1;
    return this.#either<string>(
      leaf,
      leaf,
      () =>
        `(${this.#integer(d)} ${this.#of(["+", "-", "*", "\\", "%", "&", "|", "^", "<<", ">>"])} ${
          this.#integer(d)
        })`,
      () => `${this.#of(["-", "~"])}${this.#integer(d)}`,
      () => `${this.#of(READS)}(${this.#integer(d)})`,
      () => `#${this.#patternName()} in ${this.#range(d)}`,
      () => `${this.#of(["@", "!"])}${this.#patternName()}[${this.#smallInteger(d)}]`,
      () => `math.${this.#of(["min", "max"])}(${this.#integer(d)}, ${this.#integer(d)})`,
      () => `math.count(${this.#smallInteger(d)}, ${this.#smallInteger(d)}, ${this.#smallInteger(d)})`,
      // No loop in there: in the head of another one YARA-X may never end.
      () => `math.to_number(${this.#integer(d)} ${this.#comparison()} ${this.#integer(d)})`,
    );
  }

  #integerLeaf(): string {
    return this.#either<string>(
      () => this.#of(INTEGERS),
      () =>
        this.#of(["n", "neg", "filesize", "filesize", "s.len()", "uint8(0)", "uint16be(0)", "uint32(900)"]),
      () => `${this.#of(["#", "@", "!"])}${this.#patternName()}`,
      () => this.#of(PE_INTEGERS),
      ...this.#variables.map((name) => () => name),
    );
  }

  #float(depth: number): string {
    const d = depth - 1;
    const leaf = () => this.#of(["1.5", "0.0", "2.0", "f", "float32(0)", "float64(1)", "float32(900)"]);
    if (depth <= 0) return leaf();
    return this.#either<string>(
      leaf,
      () =>
        `(${this.#float(d)} ${this.#of(["+", "-", "*", "\\"])} ${
          this.#of([this.#float(d), this.#integer(d)])
        })`,
      () => `(${this.#integer(d)} ${this.#of(["+", "-", "*", "\\"])} ${this.#float(d)})`,
      () => `-${this.#float(d)}`,
      () => `${this.#of(MATH)}(${this.#smallInteger(d)}, ${this.#smallInteger(d)})`,
      () => `math.deviation(${this.#smallInteger(d)}, ${this.#smallInteger(d)}, 65.0)`,
    );
  }

  #text(): string {
    return this.#of(TEXTS);
  }

  #comparison(): string {
    return this.#of(["==", "!=", "<", "<=", ">", ">="]);
  }

  #several(generate: () => string): string[] {
    return Array.from({ length: 1 + this.draw(2) }, generate);
  }

  #of(items: readonly string[]): string {
    return items[this.draw(items.length - 1)]!;
  }

  #either<T>(...ways: readonly (() => T)[]): T {
    return ways[this.draw(ways.length - 1)]!();
  }
}
