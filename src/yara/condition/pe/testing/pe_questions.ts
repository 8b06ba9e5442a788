/**
 * Everything that is asked of a PE file in tests.
 *
 * @module
 */

import { moduleSchema } from "../../module_schema.ts";

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

/** Elements of each array that are asked for. */
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
  return [...membersOf("", "pe", ""), ...calls];
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
