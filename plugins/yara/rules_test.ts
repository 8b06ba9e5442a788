import assert from "node:assert/strict";
import { loadInstances } from "../../wasm/yara_x/instance.ts";
import { loadYaraX, type RuleMatch } from "../../wasm/yara_x/mod.ts";
import dispatcherRules from "./rules/dispatcher.yar" with { type: "text" };
import stoqRules from "./rules/stoq.yar" with { type: "text" };
import recorded from "./testdata/rules/recorded.json" with { type: "json" };
import { recordYara, SAMPLES_OF } from "./testdata/rules/recording.ts";
import { join, type Sample, xor } from "./testdata/rules/sample.ts";
import { findXorKeys } from "./xor_key.ts";

const FILES: Readonly<Record<string, string>> = {
  "dispatcher.yar": dispatcherRules,
  "stoq.yar": stoqRules,
};

/** Worker → the dispatch rules that name it. */
const ROUTES: Readonly<Record<string, string>> = {
  decompress:
    "archive_zip archive_7z archive_rar archive_cab archive_tar archive_tar_v7 archive_cpio archive_ar " +
    "archive_rpm archive_arj archive_lzh archive_wim archive_xar archive_zip_appended compressed_gzip " +
    "compressed_bzip2 compressed_xz compressed_zstd compressed_z compressed_lzma compressed_legacy " +
    "encoded_intel_hex disc_iso_udf disk_image disk_dmg disk_partitions filesystem_fat_ntfs filesystem_ext " +
    "filesystem_apple filesystem_squash_cram firmware_uefi installer_nsis installer_msi self_extractor " +
    "script_with_archive document_chm",
  peinfo: "executable_pe",
  lief: "executable_elf executable_macho executable_macho_fat",
  symhash: "executable_macho executable_macho_fat",
  javaclass: "executable_java_class",
  pecarve: "embedded_pe",
  ole: "document_ole",
  ooxml: "document_ooxml",
  mraptor: "document_ole_vba document_ooxml_vba document_xml_vba",
  rtf: "document_rtf",
  pdf: "document_pdf",
  xdpcarve: "document_xdp",
  onenote: "document_onenote",
  html: "document_html document_svg_script",
  lnk: "shortcut_lnk",
  smtp: "mail_message mail_mbox",
  tnef: "mail_tnef",
  script: "script_shebang script_python script_php script_batch script_powershell script_vbscript " +
    "script_windows_host script_encoded script_javascript",
  iocextract: "shortcut_text script_shebang script_python script_php script_batch script_powershell " +
    "script_vbscript script_windows_host script_javascript",
  swfcarve: "flash_swf",
  xordecode: "encoded_xor_pe",
  b64decode: "encoded_base64",
  exif: "image_metadata",
};

/** What a rule's text says. */
interface RuleText {
  readonly name: string;
  readonly start: number;
  readonly isPrivate: boolean;
  readonly meta: Readonly<Record<string, string>>;
  readonly body: string;
}

function rulesOf(file: string): readonly RuleText[] {
  const text = FILES[file]!;
  return [...text.matchAll(/^(private )?rule (\w+).*?\n}$/gms)].map((found) => ({
    name: found[2]!,
    start: found.index,
    isPrivate: found[1] !== undefined,
    meta: Object.fromEntries(
      [...found[0].matchAll(/^ {4}(\w+) = "(.*)"$/gm)].map(([, key, value]) => [key, value]),
    ),
    body: found[0],
  }));
}

const publicRules = (file: string) => rulesOf(file).filter((rule) => !rule.isPrivate);

async function scannerOf(file: string): Promise<(content: Uint8Array) => Promise<readonly RuleMatch[]>> {
  const engine = await loadYaraX();
  const source = { unit: file, text: FILES[file]!, rules: rulesOf(file) };
  const rules = await engine.compile([source], { externals: {} });
  assert.deepEqual(rules.problems, []);
  return async (content) => {
    const outcome = await rules.scan(content);
    assert(outcome.ok, outcome.ok ? "" : outcome.message);
    return outcome.matches;
  };
}

/** The workers that rules ask for, sorted. */
function pluginsOf(rules: readonly string[]): string[] {
  return Object.keys(ROUTES).filter((plugin) =>
    ROUTES[plugin]!.split(" ").some((rule) => rules.includes(rule))
  ).sort();
}

const metaOf = (match: RuleMatch, key: string) => match.meta.find(([name]) => name === key)?.[1];

function pluginNames(matches: readonly RuleMatch[]): string[] {
  return [...new Set(matches.flatMap((match) => String(metaOf(match, "plugin")).split(", ")))].sort();
}

for (const [file, samples] of Object.entries(SAMPLES_OF)) {
  Deno.test(`${file} compiles on yara-x without a warning`, async () => {
    const { glue } = await (await loadInstances()).get();
    const compiler = new glue.Compiler();
    compiler.addSource(FILES[file]!);
    assert.deepEqual([compiler.errors, compiler.warnings], [[], []]);
    compiler.addSource("rule slow { strings: $a = /a.*b/s condition: $a }");
    assert.equal(compiler.warnings.length, 1);
    compiler.free();
  });

  Deno.test(`${file} says of each sample what is expected`, async () => {
    const scan = await scannerOf(file);
    for (const { name, content, rules } of samples) {
      const matches = await scan(content);
      assert.deepEqual(matches.map((match) => match.rule).sort(), rules, name);
      if (file === "dispatcher.yar") assert.deepEqual(pluginNames(matches), pluginsOf(rules), name);
    }
  });

  Deno.test(`${file} does without no byte of a magic number`, async () => {
    const scan = await scannerOf(file);
    for (const { name, content, essential } of samples) {
      for (const offset of essential?.offsets ?? []) {
        const damaged = content.with(offset, content[offset]! ^ 0x80);
        const rules = (await scan(damaged)).map((match) => match.rule);
        assert(!rules.includes(essential!.rule), `${name} with another byte at ${offset}`);
      }
    }
  });

  Deno.test(`${file} has a sample and a near miss for every rule`, () => {
    const missing = publicRules(file).map((rule) => rule.name).filter((rule) => {
      const isHit = samples.some((sample) => sample.rules.includes(rule));
      const isMissed = samples.some((sample) => sample.nearMissOf === rule && !sample.rules.includes(rule));
      return !isHit || !isMissed;
    });
    assert.deepEqual(missing, []);
    assertNamesAreUnique(samples);
  });

  Deno.test(`the recording of YARA 4.2 for ${file} is what is expected`, () => {
    const expected = Object.fromEntries(samples.map(({ name, rules }) => [name, rules]));
    assert.deepEqual((recorded as Record<string, unknown>)[file], expected);
  });

  Deno.test(`${file} repeats nothing without a bound`, () => {
    const unbounded = publicRules(file).filter(({ body }) => patternsOf(body).some(isUnbounded));
    assert.deepEqual(unbounded.map((rule) => rule.name), []);
  });
}

function assertNamesAreUnique(samples: readonly Sample[]): void {
  const names = samples.map((sample) => sample.name);
  assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
}

/** Regular expressions with their slashes, and hex strings. */
function patternsOf(body: string): string[] {
  return [...body.matchAll(/^ {4}\$\w* = (\/.*\/|\{.*\})/gm)].map(([, pattern]) => pattern!);
}

function isUnbounded(pattern: string): boolean {
  if (pattern.startsWith("{")) return /\[\d*-\]/.test(pattern);
  const bare = pattern.replace(/\\x[0-9a-f]{2}|\\./gi, "x").replace(/\[[^\]]*\]/g, "x");
  return /[*+]|\{\d*,\}/.test(bare);
}

Deno.test("unbounded repetition is seen where it is", () => {
  const patterns = ["/a*/", "/[a-z]+b/", "/a{3,}/", "/a.*b/", "{ 41 [4-] 42 }"];
  assert.deepEqual(patterns.filter(isUnbounded), patterns);
  assert.deepEqual(["/a\\*[*+]\\+b{2,3}c?/", "{ 41 [4-9] 42 }"].filter(isUnbounded), []);
});

Deno.test("every dispatch rule says what it is, where it leads and whether the payload is kept", () => {
  const rules = publicRules("dispatcher.yar");
  for (const { name, meta } of rules) {
    assert(meta.description && meta.reference?.includes("https://"), name);
    assert(meta.save === "true" || meta.save === "false", name);
    assert.deepEqual(meta.plugin?.split(", ").sort(), pluginsOf([name]), name);
  }
  const routed = new Set(Object.values(ROUTES).join(" ").split(" "));
  assert.deepEqual([...routed].sort(), rules.map((rule) => rule.name).sort());
});

Deno.test("every detection rule says what it is and how bad it is", () => {
  const rules = publicRules("stoq.yar");
  assert(rules.length >= 25 && rules.length <= 40, `${rules.length} rules`);
  for (const { name, meta } of rules) {
    assert(meta.description && meta.reference?.includes("https://"), name);
    assert(["info", "low", "medium", "high"].includes(meta.severity ?? ""), name);
    assert.equal(meta.plugin, undefined, name);
  }
});

Deno.test("no rule has its name in both files", () => {
  const names = new Set(rulesOf("dispatcher.yar").map((rule) => rule.name));
  assert.deepEqual(rulesOf("stoq.yar").filter((rule) => names.has(rule.name)), []);
});

Deno.test("the key of a program under any one-byte key is recovered", async () => {
  const scan = await scannerOf("dispatcher.yar");
  for (const key of [1, 0x20, 0x21, 0x7F, 0x80, 0xFF]) {
    const content = join("\0\0\0", xor("This program cannot be run in DOS mode", key));
    const match = (await scan(content)).find(({ rule }) => rule === "encoded_xor_pe");
    assert(match, `key ${key}`);
    assert.deepEqual([...findXorKeys(match, content)].map((found) => found.key), [[key]]);
  }
});

Deno.test("the recording is what the installed yara finds", async () => {
  const living = await recordYara();
  if (living) assert.deepEqual(living, recorded);
  else console.log('skipped: "yara" is not on PATH');
});
