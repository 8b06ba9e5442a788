/**
 * The module `pe` for one file: what YARA-X 1.20 says, as far as it is certain.
 *
 * Tables are read when they are asked for. A table that is larger than what is read here, or that has names beyond ASCII,
 * about which versions of the engine differ, isn't known. Signatures are known where there are none.
 *
 * @module
 */

import type {
  DigestFunction,
  ModuleArgument,
  ModuleReader,
  ModuleRecord,
  ModuleValue,
  RegexpTest,
} from "../module_value.ts";
import { readDebugPath } from "./debug_path.ts";
import { type ExportedFunction, type ExportTable, readExports } from "./exports.ts";
import { importHashText, ImportLookup } from "./import_lookup.ts";
import { type ImportedLibrary, readDelayedImports, readImports } from "./imports.ts";
import { BeyondLimits } from "./pe_bytes.ts";
import { DIRECTORY, directoryEntry, offsetOfAddress, type PeImage, readPeImage } from "./pe_image.ts";
import { readResources, type ResourceTree } from "./resources.ts";
import { readRichHeader, type RichHeader } from "./rich_header.ts";
import { sectionIndexAt, sectionRecord } from "./sections.ts";
import { readVersionTexts, type VersionText } from "./version_info.ts";

const RESOURCE_TYPE_VERSION = 16;
const DLL = 0x2000;
const MAX_U32 = 0xffff_ffff;
const IMPORT_STANDARD = 1;
const IMPORT_DELAYED = 2;
/** Types of arguments with which `imports` says whether there are any; with others it says how many. */
const ASKS_WHETHER: ReadonlySet<string> = new Set(["ss", "iss", "isi"]);
/** A certificate's header; less is none. */
const CERTIFICATE_HEADER_BYTES = 8;

/** Opens a file; undefined: it is no PE file. */
export function openPe(content: Uint8Array, digest: DigestFunction | undefined): ModuleReader | undefined {
  const image = readPeImage(content);
  return image && new PeModule(image, digest);
}

/** Something that is read at most once; undefined: not known. */
class Lazy<T> {
  #value: { readonly value: T | undefined } | undefined;

  constructor(readonly read: () => T) {}

  get value(): T | undefined {
    return (this.#value ??= { value: this.#read() }).value;
  }

  #read(): T | undefined {
    try {
      return this.read();
    } catch (error) {
      if (error instanceof BeyondLimits) return undefined;
      throw error;
    }
  }
}

class PeModule implements ModuleReader {
  readonly members: ModuleRecord;
  readonly #image: PeImage;
  readonly #digest: DigestFunction | undefined;
  readonly #imports: Lazy<readonly ImportedLibrary[]>;
  readonly #delayed: Lazy<readonly ImportedLibrary[]>;
  readonly #exports: Lazy<ExportTable | null>;
  readonly #exportNames: Lazy<ReadonlyMap<string, number>>;
  readonly #resources: Lazy<ResourceTree | null>;
  readonly #versionTexts: Lazy<readonly VersionText[]>;
  readonly #rich: Lazy<RichHeader | null>;
  readonly #lookups: readonly [Lazy<ImportLookup>, Lazy<ImportLookup>];
  readonly #importHash: Lazy<string>;

  constructor(image: PeImage, digest: DigestFunction | undefined) {
    this.#image = image;
    this.#digest = digest;
    this.#imports = new Lazy(() => readImports(image) ?? []);
    this.#delayed = new Lazy(() => readDelayedImports(image) ?? []);
    this.#exports = new Lazy(() => readExports(image));
    this.#exportNames = new Lazy(() => firstByName(known(this.#exportedFunctions)));
    this.#resources = new Lazy(() => readResources(image));
    this.#versionTexts = new Lazy(() => this.#readVersionTexts());
    this.#rich = new Lazy(() => readRichHeader(image));
    this.#lookups = [
      new Lazy(() => new ImportLookup(known(this.#imports.value))),
      new Lazy(() => new ImportLookup(known(this.#delayed.value))),
    ];
    this.#importHash = new Lazy(() => {
      const text = importHashText(known(this.#imports.value));
      return known(this.#digest)("md5", new TextEncoder().encode(text));
    });
    this.members = this.#makeMembers();
  }

  #readVersionTexts(): VersionText[] {
    const { bytes } = this.#image.file;
    const resources = known(this.#resources.value)?.resources ?? [];
    return readVersionTexts(
      resources.flatMap(({ type, offset }) =>
        type === RESOURCE_TYPE_VERSION && offset !== null && offset <= bytes.length
          ? [bytes.subarray(offset)]
          : []
      ),
    );
  }

  /** Getters, so that nothing is read that nobody asks for. */
  #makeMembers(): ModuleRecord {
    const image = this.#image;
    const { sections } = image;
    const read = <T extends ModuleValue>(get: () => T) => ({ get, enumerable: true });
    const versions = () => this.#versionTexts.value;
    const exported = () => this.#exports.value;
    const rich = () => this.#rich.value;
    const tree = () => this.#resources.value;
    return Object.defineProperties({ ...image.fields, is_pe: true }, {
      entry_point: read(() => offsetOfAddress(image, image.fields.entry_point_raw as number)),
      sections: read(() => sections.map((section) => sectionRecord(image, section))),
      overlay: read(() => overlayOf(image)),
      data_directories: read(() => directoriesOf(image)),
      pdb_path: read(() => new Lazy(() => readDebugPath(image)).value),
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
      resource_timestamp: read(() => memberOf(tree(), ({ timestamp }) => timestamp)),
      resource_version: read(() => ({
        major: memberOf(tree(), ({ majorVersion }) => majorVersion),
        minor: memberOf(tree(), ({ minorVersion }) => minorVersion),
      })),
      number_of_version_infos: read(() => versions()?.length),
      version_info: read(() => versions() && new Map(versions())),
      version_info_list: read(() => versions()?.map(([key, value]) => ({ key, value }))),
      rich_signature: read(() => rich() === null ? NO_RICH_HEADER : rich() as ModuleValue),
      number_of_signatures: read(() => this.#hasNoSignatures() ? 0 : undefined),
      signatures: read(() => this.#hasNoSignatures() ? [] : undefined),
      is_signed: read(() => this.#hasNoSignatures() ? false : undefined),
    });
  }

  get #exportedFunctions(): readonly ExportedFunction[] | undefined {
    return listOf(this.#exports.value, ({ functions }) => functions);
  }

  /** The directory's address is an offset in the file. */
  #hasNoSignatures(): boolean {
    const entry = directoryEntry(this.#image, DIRECTORY.security);
    return !entry || entry.size < CERTIFICATE_HEADER_BYTES ||
      entry.address + CERTIFICATE_HEADER_BYTES > this.#image.file.length;
  }

  call(signature: string, args: readonly ModuleArgument[]): ModuleValue {
    const { fields } = this.#image;
    switch (signature) {
      case "is_32bit()":
        return fields.opthdr_magic === 0x10b;
      case "is_64bit()":
        return fields.opthdr_magic === 0x20b;
      case "is_dll()":
        return ((fields.characteristics as number) & DLL) !== 0;
      case "imphash()":
        return this.#importHash.value;
      case "rva_to_offset(i)":
        return isU32(args[0]) ? offsetOfAddress(this.#image, args[0]) : null;
      case "section_index(s)": {
        const index = this.#image.sections.findIndex(({ name }) => name === args[0]);
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
    // Flags are a few bits of an integer, whatever its size.
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

  /** Index of the first export that meets it; `null`: there is none. */
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
    for (const { toolid, version, times } of rich?.tools ?? []) {
      const isTool = tool === undefined || tool === toolid;
      if (isTool && (wanted === undefined || wanted === version)) count += times;
    }
    return count;
  }
}

/** Without tools: YARA-X has oddly one where there is no header. */
const NO_RICH_HEADER: ModuleRecord = {
  offset: null,
  length: null,
  key: null,
  raw_data: null,
  clear_data: null,
};

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new BeyondLimits();
  return value;
}

function memberOf<T, V>(of: T | null | undefined, get: (of: T) => V): V | null | undefined {
  return of === undefined ? undefined : of === null ? null : get(of);
}

function listOf<T, V>(of: T | null | undefined, get: (of: T) => readonly V[]): readonly V[] | undefined {
  return of === undefined ? undefined : of === null ? [] : get(of);
}

function functionCount(libraries: readonly ImportedLibrary[] | undefined): number | undefined {
  return libraries?.reduce((count, { number_of_functions }) => count + number_of_functions, 0);
}

function firstByName(functions: readonly ExportedFunction[]): Map<string, number> {
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

function overlayOf({ sections, file }: PeImage): ModuleRecord {
  const end = Math.max(0, ...sections.map(({ rawOffset, rawSize }) => rawOffset + rawSize));
  const hasOverlay = sections.length > 0 && end < file.length;
  return hasOverlay ? { offset: end, size: file.length - end } : { offset: 0, size: 0 };
}

function directoriesOf(image: PeImage): ModuleValue {
  const count = Math.min(image.fields.number_of_rva_and_sizes as number, 16);
  const entries = Array.from({ length: count }, (_, i) => directoryEntry(image, i));
  // A directory that is cut off is none.
  if (entries.includes(undefined)) return [];
  return entries.map((entry) => ({ virtual_address: entry!.address, size: entry!.size }));
}
