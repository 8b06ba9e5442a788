/**
 * Members and functions of YARA-X 1.20's modules that are checked here; a rule that uses others is left to the engine.
 *
 * A type is `b`, `i`, `f` or `s`, the name of a structure, `[]T` for an array of T and `{}T` for a map of texts to T.
 * Functions are keyed by their name and the types of their arguments, `r` for a regular expression.
 *
 * @module
 */

import type { AbsentValue } from "./tree.ts";

/** Members of a structure → type. */
export type StructureSchema = Readonly<Record<string, string>>;

/** A function's result, and its value in a module without values for the content. */
export interface FunctionSchema {
  readonly result: "b" | "i" | "f" | "s";
  readonly absent?: AbsentValue;
}

/** A module. */
export interface ModuleSchema {
  /** Whether its members are absent where the content is of another format. */
  readonly canBeAbsent: boolean;
  /** Structures by name; `""` is the module itself. */
  readonly structures: Readonly<Record<string, StructureSchema>>;
  /** Members that are defined in a module without values. */
  readonly falseWhereAbsent?: readonly string[];
  /** Names of constants → value. */
  readonly constants: Readonly<Record<string, number>>;
  /** `name(types)` or `member.name(types)` → its result. */
  readonly functions: Readonly<Record<string, FunctionSchema>>;
}

/** Turns lists of words for each type into members. */
function members(lists: Readonly<Record<string, string>>): StructureSchema {
  const entries = Object.entries(lists).flatMap(([type, names]) =>
    names.split(" ").map((name) => [name, type])
  );
  return Object.fromEntries(entries);
}

/** Turns lists of signatures for each result into functions. */
function functions(
  lists: Readonly<Record<string, string>>,
): Readonly<Record<string, FunctionSchema>> {
  return Object.fromEntries(
    Object.entries(lists).flatMap(([kind, signatures]) => {
      const [result, absent] = kind.split(" ") as [FunctionSchema["result"], AbsentValue | undefined];
      return signatures.split(" ").map((signature) => [signature, absent ? { result, absent } : { result }]);
    }),
  );
}

const CERTIFICATE = members({
  s: "issuer subject thumbprint algorithm algorithm_oid serial",
  i: "version not_before not_after",
});

const PE: ModuleSchema = {
  canBeAbsent: true,
  falseWhereAbsent: ["is_pe"],
  structures: {
    "": members({
      b: "is_pe is_signed",
      i: "machine subsystem opthdr_magic characteristics dll_characteristics timestamp image_base checksum " +
        "base_of_code base_of_data entry_point entry_point_raw export_timestamp section_alignment file_alignment " +
        "loader_flags size_of_optional_header size_of_code size_of_initialized_data size_of_uninitialized_data " +
        "size_of_image size_of_headers size_of_stack_reserve size_of_stack_commit size_of_heap_reserve " +
        "size_of_heap_commit pointer_to_symbol_table win32_version_value number_of_symbols number_of_rva_and_sizes " +
        "number_of_sections number_of_imported_functions number_of_delayed_imported_functions number_of_resources " +
        "number_of_version_infos number_of_imports number_of_delayed_imports number_of_exports number_of_signatures " +
        "resource_timestamp",
      s: "dll_name pdb_path",
      Version: "os_version subsystem_version image_version linker_version resource_version",
      "{}s": "version_info",
      "[]KeyValue": "version_info_list",
      RichSignature: "rich_signature",
      "[]Section": "sections",
      "[]DirEntry": "data_directories",
      "[]Resource": "resources",
      "[]Import": "import_details delayed_import_details",
      "[]Export": "export_details",
      "[]Signature": "signatures",
      Overlay: "overlay",
    }),
    Version: members({ i: "major minor" }),
    KeyValue: members({ s: "key value" }),
    DirEntry: members({ i: "virtual_address size" }),
    Resource: members({
      i: "length rva offset type id language",
      s: "type_string name_string language_string",
    }),
    Import: members({ s: "library_name", i: "number_of_functions", "[]Function": "functions" }),
    Export: members({ s: "name forward_name", i: "ordinal rva offset" }),
    Function: members({ s: "name", i: "ordinal rva" }),
    Signature: {
      ...members({
        s: "subject issuer thumbprint algorithm algorithm_oid serial digest_alg digest file_digest",
        i: "version not_before not_after number_of_certificates number_of_countersignatures",
        b: "verified",
        "[]Certificate": "certificates",
        "[]CounterSignature": "countersignatures",
      }),
      signer_info: "SignerInfo",
    },
    SignerInfo: members({ s: "program_name more_info digest digest_alg", "[]Certificate": "chain" }),
    Certificate: CERTIFICATE,
    CounterSignature: members({
      b: "verified",
      i: "sign_time",
      s: "digest digest_alg",
      "[]Certificate": "chain",
    }),
    Section: members({
      s: "name full_name",
      i: "characteristics raw_data_size raw_data_offset virtual_address virtual_size pointer_to_relocations " +
        "pointer_to_line_numbers number_of_relocations number_of_line_numbers",
    }),
    RichSignature: members({ i: "offset length key", s: "raw_data clear_data", "[]RichTool": "tools" }),
    RichTool: members({ i: "toolid version times" }),
    Overlay: members({ i: "offset size" }),
  },
  constants: {
    MACHINE_UNKNOWN: 0,
    MACHINE_AMD64: 0x8664,
    MACHINE_ARM: 0x1c0,
    MACHINE_ARMNT: 0x1c4,
    MACHINE_ARM64: 0xaa64,
    MACHINE_I386: 0x14c,
    MACHINE_IA64: 0x200,
    SUBSYSTEM_UNKNOWN: 0,
    SUBSYSTEM_NATIVE: 1,
    SUBSYSTEM_WINDOWS_GUI: 2,
    SUBSYSTEM_WINDOWS_CUI: 3,
    SUBSYSTEM_OS2_CUI: 5,
    SUBSYSTEM_POSIX_CUI: 7,
    SUBSYSTEM_NATIVE_WINDOWS: 8,
    IMPORT_STANDARD: 1,
    IMPORT_DELAYED: 2,
    IMPORT_ANY: 3,
    RELOCS_STRIPPED: 1,
    EXECUTABLE_IMAGE: 2,
    MACHINE_32BIT: 0x100,
    DEBUG_STRIPPED: 0x200,
    SYSTEM: 0x1000,
    DLL: 0x2000,
    SECTION_CNT_CODE: 0x20,
    SECTION_CNT_INITIALIZED_DATA: 0x40,
    SECTION_MEM_EXECUTE: 0x20000000,
    SECTION_MEM_READ: 0x40000000,
    SECTION_MEM_WRITE: 0x80000000,
    RESOURCE_TYPE_CURSOR: 1,
    RESOURCE_TYPE_BITMAP: 2,
    RESOURCE_TYPE_ICON: 3,
    RESOURCE_TYPE_MENU: 4,
    RESOURCE_TYPE_DIALOG: 5,
    RESOURCE_TYPE_STRING: 6,
    RESOURCE_TYPE_RCDATA: 10,
    RESOURCE_TYPE_GROUP_ICON: 14,
    RESOURCE_TYPE_VERSION: 16,
    RESOURCE_TYPE_HTML: 23,
    RESOURCE_TYPE_MANIFEST: 24,
  },
  functions: functions({
    "b undefined": "is_32bit() is_64bit() is_dll() Signature.valid_on(i)",
    "i undefined": "rva_to_offset(i) calculate_checksum() section_index(s) section_index(i) import_rva(ss) " +
      "import_rva(si) delayed_import_rva(ss) delayed_import_rva(si) exports_index(s) exports_index(i) exports_index(r)",
    "s undefined": "imphash()",
    "i zero": "imports(s) imports(si) imports(rr) imports(is) imports(irr) RichSignature.toolid(i) " +
      "RichSignature.version(i) RichSignature.toolid(ii) RichSignature.version(ii)",
    "b zero": "imports(ss) imports(iss) imports(isi) exports(s) exports(i) exports(r) locale(i) language(i)",
  }),
};

const ELF: ModuleSchema = {
  canBeAbsent: true,
  structures: {
    "": members({
      i: "type machine osabi entry_point sh_offset sh_entry_size ph_offset ph_entry_size number_of_sections " +
        "number_of_segments symtab_entries dynsym_entries dynamic_section_entries",
      "[]Section": "sections",
      "[]Segment": "segments",
      "[]Sym": "symtab dynsym",
      "[]Dyn": "dynamic",
    }),
    Section: members({ i: "type flags address size offset", s: "name" }),
    Segment: members({
      i: "type flags offset virtual_address physical_address file_size memory_size alignment",
    }),
    Sym: members({ s: "name", i: "value size type bind shndx visibility" }),
    Dyn: members({ i: "type val" }),
  },
  constants: {
    ET_NONE: 0,
    ET_REL: 1,
    ET_EXEC: 2,
    ET_DYN: 3,
    ET_CORE: 4,
    EM_386: 3,
    EM_MIPS: 8,
    EM_PPC: 20,
    EM_PPC64: 21,
    EM_ARM: 40,
    EM_X86_64: 62,
    EM_AARCH64: 183,
    SHT_NULL: 0,
    SHT_PROGBITS: 1,
    SHT_SYMTAB: 2,
    SHT_STRTAB: 3,
    SHT_DYNAMIC: 6,
    SHT_NOBITS: 8,
    PT_LOAD: 1,
    PT_DYNAMIC: 2,
    PT_INTERP: 3,
    PF_X: 1,
    PF_W: 2,
    PF_R: 4,
  },
  // The digest of no symbols is a digest all the same.
  functions: functions({ s: "import_md5()", "s undefined": "telfhash()" }),
};

const MATH: ModuleSchema = {
  canBeAbsent: false,
  structures: { "": {} },
  constants: {},
  functions: functions({
    i: "min(ii) max(ii) abs(i) to_number(b) count(i) count(iii) mode() mode(ii)",
    b: "in_range(iii) in_range(fff)",
    f: "entropy(ii) entropy(s) mean(ii) mean(s) deviation(iif) deviation(sf) serial_correlation(ii) " +
      "serial_correlation(s) monte_carlo_pi(ii) monte_carlo_pi(s) percentage(i) percentage(iii)",
    s: "to_string(i) to_string(ii)",
  }),
};

const HASH: ModuleSchema = {
  canBeAbsent: false,
  structures: { "": {} },
  constants: {},
  functions: functions({
    s: "md5(ii) md5(s) sha1(ii) sha1(s) sha256(ii) sha256(s)",
    i: "crc32(ii) crc32(s) checksum32(ii) checksum32(s)",
  }),
};

const STRING: ModuleSchema = {
  canBeAbsent: false,
  structures: { "": {} },
  constants: {},
  functions: functions({ i: "to_int(s) to_int(si) length(s)" }),
};

const TIME: ModuleSchema = {
  canBeAbsent: false,
  structures: { "": {} },
  constants: {},
  functions: functions({ i: "now()" }),
};

const MODULES: ReadonlyMap<string, ModuleSchema> = new Map([
  ["pe", PE],
  ["elf", ELF],
  ["math", MATH],
  ["hash", HASH],
  ["string", STRING],
  ["time", TIME],
]);

/** Returns the known part of a module; undefined: no module of this name is known. */
export function moduleSchema(name: string): ModuleSchema | undefined {
  return MODULES.get(name);
}

/** Returns the names of all known modules. */
export function knownModules(): Iterable<string> {
  return MODULES.keys();
}
