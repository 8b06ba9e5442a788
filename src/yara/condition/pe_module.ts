/**
 * The module `pe` for one file: the values of YARA-X 1.20 that are certain, over the reader of `src/formats/pe`.
 *
 * A table is read at its first use. A table that is larger than a limit, or that has names beyond ASCII, about which
 * versions of the engine differ, is not known. Signatures are known where there are none.
 *
 * @module
 */

import { Budget, latin1 } from "../../formats/bytes/mod.ts";
import {
  directoryOf,
  importHashText,
  MAGIC_32,
  MAGIC_64,
  parsePe,
  type PeImage,
  readDebug,
  readDelayedImports,
  readImports,
  readRichHeader,
  type RichHeader,
  rvaToOffset,
} from "../../formats/pe/mod.ts";
import type {
  DigestFunction,
  ModuleArgument,
  ModuleReader,
  ModuleRecord,
  ModuleValue,
  RegexpTest,
} from "./module_value.ts";
import { type ExportRecord, type ExportRecords, exportRecords } from "./pe/exports.ts";
import {
  directoryRecords,
  headerFields,
  overlayRecord,
  sectionIndexAt,
  sectionRecord,
} from "./pe/header_fields.ts";
import { ImportLookup } from "./pe/import_lookup.ts";
import { type LibraryRecord, libraryRecords } from "./pe/imports.ts";
import { type ResourceRecords, resourceRecords, type VersionText, versionTexts } from "./pe/resources.ts";

const MAX_U32 = 0xffff_ffff;
const IMPORT_STANDARD = 1;
const IMPORT_DELAYED = 2;
/** Types of arguments with which `imports` returns whether there are any; with others it returns how many. */
const ASKS_WHETHER: ReadonlySet<string> = new Set(["ss", "iss", "isi"]);
/** Size of a certificate's header; a smaller table has none. */
const CERTIFICATE_HEADER_BYTES = 8;

/** Budget of all tables of one file: entries, and bytes of texts. */
const LIMITS = { items: 100_000, bytes: 2_000_000 };
/** Size of an entry; a smaller directory has none. */
const DEBUG_ENTRY_BYTES = 28;

/** Opens a file; undefined: it is no PE file. */
export function openPe(content: Uint8Array, digest: DigestFunction | undefined): ModuleReader | undefined {
  const image = parsePe(content, new Budget(LIMITS));
  return image && new PeModule(image, digest);
}

/** A value that is read at most once; undefined: not known. */
class Lazy<T> {
  #value: { readonly value: T | undefined } | undefined;

  constructor(readonly read: () => T | undefined) {}

  get value(): T | undefined {
    return (this.#value ??= { value: this.read() }).value;
  }
}

class PeModule implements ModuleReader {
  readonly members: ModuleRecord;
  readonly #image: PeImage;
  readonly #digest: DigestFunction | undefined;
  readonly #imports: Lazy<readonly LibraryRecord[]>;
  readonly #delayed: Lazy<readonly LibraryRecord[]>;
  readonly #exports: Lazy<ExportRecords | null>;
  readonly #exportNames: Lazy<ReadonlyMap<string, number>>;
  readonly #resources: Lazy<ResourceRecords | null>;
  readonly #versionTexts: Lazy<readonly VersionText[]>;
  readonly #rich: Lazy<RichHeader | null>;
  readonly #lookups: readonly [Lazy<ImportLookup>, Lazy<ImportLookup>];
  readonly #importHash: Lazy<string>;
  readonly #debugPath: Lazy<string | null>;

  constructor(image: PeImage, digest: DigestFunction | undefined) {
    this.#image = image;
    this.#digest = digest;
    // Without sections YARA-X finds no tables.
    const tables = image.sections.length > 0 ? image : { ...image, optionalHeader: undefined };
    this.#imports = new Lazy(() => libraryRecords(tables, readImports(tables)));
    this.#delayed = new Lazy(() => libraryRecords(tables, readDelayedImports(tables)));
    this.#exports = new Lazy(() => exportRecords(tables));
    this.#exportNames = new Lazy(() => mapKnown(this.#exportedFunctions, firstByName));
    this.#resources = new Lazy(() => resourceRecords(tables));
    this.#versionTexts = new Lazy(() =>
      mapKnown(this.#resources.value, (tree) => versionTexts(tables, tree?.resources ?? []))
    );
    this.#rich = new Lazy(() => richHeader(image));
    this.#lookups = [
      new Lazy(() => mapKnown(this.#imports.value, (libraries) => new ImportLookup(libraries))),
      new Lazy(() => mapKnown(this.#delayed.value, (libraries) => new ImportLookup(libraries))),
    ];
    this.#importHash = new Lazy(() =>
      mapKnown(
        this.#imports.value,
        (libraries) => {
          const named = libraries.map(({ library_name, functions }) => ({ name: library_name, functions }));
          return this.#digest?.("md5", new TextEncoder().encode(importHashText(named)));
        },
      )
    );
    this.#debugPath = new Lazy(() => debugPath(tables));
    this.members = this.#makeMembers();
  }

  /** Makes members with getters, so that a table is read at its first use. */
  #makeMembers(): ModuleRecord {
    const image = this.#image;
    const { sections } = image;
    const read = <T extends ModuleValue>(get: () => T) => ({ get, enumerable: true });
    const versions = () => this.#versionTexts.value;
    const exported = () => this.#exports.value;
    const tree = () => this.#resources.value;
    return Object.defineProperties({ ...headerFields(image), is_pe: true }, {
      entry_point: read(() => offsetOf(image, image.optionalHeader?.entryPointRva ?? 0)),
      sections: read(() => sections.map((section) => sectionRecord(image, section))),
      overlay: read(() => overlayRecord(image)),
      data_directories: read(() => directoryRecords(image)),
      pdb_path: read(() => this.#debugPath.value),
      number_of_imports: read(() => this.#imports.value?.length),
      number_of_imported_functions: read(() => functionCount(this.#imports.value)),
      import_details: read(() => this.#imports.value),
      number_of_delayed_imports: read(() => this.#delayed.value?.length),
      number_of_delayed_imported_functions: read(() => functionCount(this.#delayed.value)),
      delayed_import_details: read(() => this.#delayed.value),
      number_of_exports: read(() => this.#exportedFunctions?.length),
      export_details: read(() => this.#exportedFunctions),
      dll_name: read(() => memberOf(exported(), ({ libraryName }) => libraryName)),
      export_timestamp: read(() => memberOf(exported(), ({ timestamp }) => timestamp)),
      number_of_resources: read(() => listOf(tree(), ({ resources }) => resources)?.length),
      resources: read(() => listOf(tree(), ({ resources }) => resources)),
      resource_timestamp: read(() => memberOf(tree(), ({ root }) => root.timestamp)),
      resource_version: read(() => ({
        major: memberOf(tree(), ({ root }) => root.majorVersion),
        minor: memberOf(tree(), ({ root }) => root.minorVersion),
      })),
      number_of_version_infos: read(() => versions()?.length),
      version_info: read(() => versions() && new Map(versions())),
      version_info_list: read(() => versions()?.map(([key, value]) => ({ key, value }))),
      rich_signature: read(() => mapKnown(this.#rich.value, richRecord)),
      number_of_signatures: read(() => this.#hasNoSignatures() ? 0 : undefined),
      signatures: read(() => this.#hasNoSignatures() ? [] : undefined),
      is_signed: read(() => this.#hasNoSignatures() ? false : undefined),
    });
  }

  get #exportedFunctions(): readonly ExportRecord[] | undefined {
    return listOf(this.#exports.value, ({ functions }) => functions);
  }

  /** The directory's address is an offset in the file. */
  #hasNoSignatures(): boolean {
    const directory = directoryOf(this.#image, "security");
    return !directory || directory.sizeBytes < CERTIFICATE_HEADER_BYTES ||
      directory.rva + CERTIFICATE_HEADER_BYTES > this.#image.reader.sizeBytes;
  }

  call(signature: string, args: readonly ModuleArgument[]): ModuleValue {
    const { optionalHeader, isDll, sections } = this.#image;
    switch (signature) {
      case "is_32bit()":
        return optionalHeader?.magic === MAGIC_32;
      case "is_64bit()":
        return optionalHeader?.magic === MAGIC_64;
      case "is_dll()":
        return isDll;
      case "imphash()":
        return this.#importHash.value;
      case "rva_to_offset(i)":
        return isU32(args[0]) ? offsetOf(this.#image, args[0]) : null;
      case "section_index(s)": {
        const index = sections.findIndex(({ name }) => name === args[0]);
        return index < 0 ? null : index;
      }
      case "section_index(i)":
        return isU32(args[0]) ? sectionIndexAt(this.#image, args[0]) : null;
      case "locale(i)":
        return this.#hasLanguage(args[0], 0xffff);
      case "language(i)":
        return this.#hasLanguage(args[0], 0xff);
      default:
        return this.#callTables(signature, args);
    }
  }

  #callTables(signature: string, args: readonly ModuleArgument[]): ModuleValue {
    const [name, types] = signature.slice(0, -1).split("(") as [string, string];
    switch (name) {
      case "imports": {
        const hasFlags = types.startsWith("i");
        const [library, wanted] = hasFlags ? args.slice(1) : args;
        const count = this.#countImports(hasFlags ? args[0] : IMPORT_STANDARD, library, wanted);
        return count !== undefined && ASKS_WHETHER.has(types) ? count > 0 : count;
      }
      case "import_rva":
        return this.#lookups[0].value?.addressOf(args[0] as string, args[1] as string | number);
      case "delayed_import_rva":
        return this.#lookups[1].value?.addressOf(args[0] as string, args[1] as string | number);
      case "exports":
        return hasIndex(this.#exportIndex(args[0]));
      case "exports_index":
        return this.#exportIndex(args[0]);
      case "RichSignature.toolid":
        return this.#countTools(args[0], args[1]);
      case "RichSignature.version":
        return this.#countTools(args[1], args[0]);
      default:
        return undefined;
    }
  }

  #countImports(flags: ModuleArgument, library: ModuleArgument, wanted: ModuleArgument): number | undefined {
    // Flags are the lowest bits of an integer of any size.
    const bits = Number(BigInt(flags as number | bigint) & 3n);
    let count = 0;
    for (const [i, flag] of [IMPORT_STANDARD, IMPORT_DELAYED].entries()) {
      if ((bits & flag) === 0) continue;
      const own = this.#lookups[i]!.value?.count(library as string | RegexpTest, wanted as string);
      if (own === undefined) return undefined;
      count += own;
    }
    return count;
  }

  /** Returns the index of the first export that fits; `null`: there is none. */
  #exportIndex(wanted: ModuleArgument): number | null | undefined {
    const functions = this.#exportedFunctions;
    if (!functions) return undefined;
    if (typeof wanted === "string") return this.#exportNames.value?.get(wanted.toLowerCase()) ?? null;
    if (typeof wanted !== "function") {
      const base = functions[0]?.ordinal ?? 0;
      const index = Number(wanted) - base;
      return index >= 0 && index < functions.length ? index : null;
    }
    for (const [i, { name }] of functions.entries()) {
      const isWanted = name !== null && wanted(name);
      if (isWanted === undefined) return undefined;
      if (isWanted) return i;
    }
    return null;
  }

  #hasLanguage(wanted: ModuleArgument, mask: number): boolean | undefined {
    const tree = this.#resources.value;
    if (tree === undefined) return undefined;
    return tree !== null &&
      tree.resources.some(({ language }) => language !== null && (language & mask) === wanted);
  }

  #countTools(tool: ModuleArgument, wanted: ModuleArgument): number | undefined {
    const rich = this.#rich.value;
    if (rich === undefined) return undefined;
    let count = 0;
    for (const { productId, build, objectCount } of rich?.tools ?? []) {
      const isTool = tool === undefined || tool === productId;
      if (isTool && (wanted === undefined || wanted === build)) count += objectCount;
    }
    return count;
  }
}

/** Without the member `tools`, of which YARA-X has one element where there is no header. */
const NO_RICH_HEADER: ModuleRecord = {
  offset: null,
  length: null,
  key: null,
  raw_data: null,
  clear_data: null,
};

/** Returns the header; `null`: there is none; undefined: not known. */
function richHeader(image: PeImage): RichHeader | null | undefined {
  const { header, isTruncated } = readRichHeader(image);
  return isTruncated ? undefined : header ?? null;
}

function richRecord(header: RichHeader | null): ModuleRecord {
  if (!header) return NO_RICH_HEADER;
  return {
    offset: header.offset,
    length: header.sizeBytes,
    key: header.key,
    raw_data: latin1(header.rawBytes),
    clear_data: latin1(header.clearBytes),
    tools: header.tools.map(({ productId, build, objectCount }) => ({
      toolid: productId,
      version: build,
      times: objectCount,
    })),
  };
}

/** Returns the path of debug information, bytes as characters; `null`: there is none; undefined: not known. */
function debugPath(image: PeImage): string | null | undefined {
  const directory = directoryOf(image, "debug");
  // Address zero is no table here, but it is one for the engine.
  const isRead = directory?.rva === 0 && directory.sizeBytes >= DEBUG_ENTRY_BYTES;
  if (isRead && rvaToOffset(image, 0) !== undefined) return undefined;
  const { entries, isTruncated } = readDebug(image);
  return isTruncated ? undefined : entries.find(({ codeView }) => codeView)?.codeView?.path ?? null;
}

/** Returns the offset of an address; `null`: there is none, as always without sections. */
function offsetOf(image: PeImage, rva: number): number | null {
  return image.sections.length > 0 ? rvaToOffset(image, rva) ?? null : null;
}

/** Maps a value if it is known. */
function mapKnown<T, V>(value: T | undefined, map: (value: T) => V): V | undefined {
  return value === undefined ? undefined : map(value);
}

function memberOf<T, V>(of: T | null | undefined, get: (of: T) => V): V | null | undefined {
  return of === undefined ? undefined : of === null ? null : get(of);
}

function listOf<T, V>(of: T | null | undefined, get: (of: T) => readonly V[]): readonly V[] | undefined {
  return of === undefined ? undefined : of === null ? [] : get(of);
}

function functionCount(libraries: readonly LibraryRecord[] | undefined): number | undefined {
  return libraries?.reduce((count, { number_of_functions }) => count + number_of_functions, 0);
}

function firstByName(functions: readonly ExportRecord[]): Map<string, number> {
  const indices = new Map<string, number>();
  for (const [i, { name }] of functions.entries()) {
    const key = name?.toLowerCase();
    if (key !== undefined && !indices.has(key)) indices.set(key, i);
  }
  return indices;
}

function hasIndex(index: number | null | undefined): boolean | undefined {
  return index === undefined ? undefined : index !== null;
}

function isU32(value: ModuleArgument): value is number {
  return typeof value === "number" && value >= 0 && value <= MAX_U32;
}
