/**
 * Questions about PE files for tests.
 *
 * @module
 */

import { moduleSchema } from "../module_schema.ts";

/** An expression and the type of its value. */
export interface Question {
  readonly text: string;
  readonly type: "b" | "i" | "s";
}

const CALLS: Readonly<Record<Question["type"], readonly string[]>> = {
  b: [
    "is_32bit()",
    "is_64bit()",
    "is_dll()",
    'imports("kernel32.DLL", "SLEEP")',
    'imports("ws2_32.dll", "socket")',
    'imports("delay.sys", "Later")',
    'imports(pe.IMPORT_ANY, "delay.sys", "later")',
    'imports(pe.IMPORT_DELAYED, "later.dll", 4)',
    'imports(0, "later.dll", 4)',
    'exports("ONE")',
    'exports("servicemain")',
    'exports("forward")',
    'exports("")',
    "exports(5)",
    "exports(1)",
    "exports(9)",
    "exports(10)",
    "exports(-1)",
    "exports(/^t/)",
    "locale(1033)",
    "locale(0)",
    "language(9)",
    "language(-1)",
  ],
  i: [
    'imports("KERNEL32.dll")',
    'imports("wsock32.dll", 1)',
    'imports("kernel32.dll", 0x100000005)',
    "imports(/32/, /S/)",
    "imports(2, /./, /e/)",
    'imports(2, "delay.sys")',
    'imports(-1, "delay.sys")',
    'import_rva("kernel32.dll", "sleep")',
    'import_rva("ws2_32.dll", 115)',
    'delayed_import_rva("delay.sys", "later")',
    'delayed_import_rva("later.dll", 4)',
    'exports_index("two")',
    "exports_index(6)",
    "exports_index(/main/i)",
    "rva_to_offset(0)",
    "rva_to_offset(0x1010)",
    "rva_to_offset(0x2100)",
    "rva_to_offset(0x2fff)",
    "rva_to_offset(-1)",
    "rva_to_offset(0xffffffff)",
    "rva_to_offset(0x100000000)",
    'section_index(".rdata")',
    'section_index("ab\\x00cd")',
    'section_index("none")',
    "section_index(0x600)",
    "section_index(0x900)",
    "section_index(filesize)",
    "section_index(-1)",
    "rich_signature.toolid(0x104)",
    "rich_signature.toolid(3, 2)",
    "rich_signature.version(7)",
    "rich_signature.version(7, 0x104)",
    "sections[filesize \\ 0].virtual_size",
  ],
  s: [
    "imphash()",
    'version_info["CompanyName"]',
    'version_info["ProductName"]',
    'version_info["InternalName"]',
    'version_info["LegalCopyright"]',
    'version_info["nothing"]',
  ],
};

/** Conditions about arrays and maps. */
const CONDITIONS: readonly string[] = [
  "for none r in pe.resources : (r.id == 1)",
  "for all r in pe.resources : (r.length > 0)",
  "for any r in pe.resources : (r.type == pe.RESOURCE_TYPE_MANIFEST or r.language == 9)",
  'for 2 s in pe.sections : (s.name contains "v" or s.virtual_size == 0)',
  "for 0 s in pe.sections : (s.virtual_size == 1)",
  "for all s in pe.sections : (s.virtual_address >= 0x1000)",
  "for pe.number_of_delayed_imports s in pe.sections : (s.raw_data_size > 0)",
  'for any i in pe.import_details : (for any f in i.functions : (f.name == "Sleep" or f.ordinal == 2))',
  "for any i in pe.import_details : (i.functions.len() == 1 and i.functions[0].ordinal == 1)",
  "for none i in pe.delayed_import_details : (defined i.functions[1].name)",
  'for any k, v in pe.version_info : (k contains "Name" and v contains "n")',
  'for all k, v in pe.version_info : (k contains "Name" or v == "none")',
  "for any i in (0..pe.number_of_resources - 1) : (uint8(pe.resources[i].offset) == 7)",
  "for any i in (0..pe.number_of_sections) : (pe.sections[i].full_name == pe.sections[0].name)",
  "for none e in pe.export_details : (e.ordinal > 6)",
  "for any t in pe.rich_signature.tools : (t.times == 4)",
  'with s = pe.sections[1] : (s.name == ".rdata" and s.raw_data_offset + s.raw_data_size > filesize)',
  "for any s in pe.signatures : (s.version > 0)",
  "pe.sections[pe.number_of_sections - 1].virtual_address > pe.sections[pe.number_of_sections].virtual_address",
  'pe.imports(pe.dll_name, "f")',
  "pe.exports(pe.export_details[0].name)",
  "pe.exports(pe.sections[pe.number_of_sections].name)",
  "math.in_range(pe.overlay.offset, 1, filesize)",
];

/** Indices of the elements of each array for which questions are made. */
const INDICES: Readonly<Record<string, readonly number[]>> = {
  sections: [0, 1, 3, 95],
  data_directories: [0, 1, 15],
  resources: [0, 1, 3],
  import_details: [0, 1, 4],
  delayed_import_details: [0],
  functions: [0, 1, 2],
  export_details: [0, 1, 3],
  version_info_list: [0, 2],
  tools: [0, 2],
  signatures: [0],
};

/** All members that the schema has, some elements of arrays, and calls. */
export function allQuestions(): Question[] {
  const calls = Object.entries(CALLS).flatMap(([type, texts]) =>
    texts.map((text) => ({ text: `pe.${text}`, type: type as Question["type"] }))
  );
  const conditions = CONDITIONS.map((text) => ({ text, type: "b" as const }));
  return [...membersOf("", "pe", ""), ...calls, ...conditions];
}

function membersOf(structure: string, prefix: string, member: string): Question[] {
  if (structure === "b" || structure === "i" || structure === "s") return [{ text: prefix, type: structure }];
  if (structure.startsWith("[]")) {
    const length: Question = { text: `${prefix}.len()`, type: "i" };
    const items = (INDICES[member] ?? []).flatMap((i) =>
      membersOf(structure.slice(2), `${prefix}[${i}]`, "")
    );
    return [length, ...items];
  }
  if (structure.startsWith("{}")) return [{ text: `${prefix}.len()`, type: "i" }];
  return Object.entries(moduleSchema("pe")!.structures[structure]!).flatMap(([name, type]) =>
    membersOf(type, `${prefix}.${name}`, name)
  );
}
