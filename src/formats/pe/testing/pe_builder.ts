/**
 * Makes PE files for tests: no code in them, but all tables.
 *
 * @module
 */

import { ByteWriter } from "../../testing/byte_writer.ts";
import { versionResource } from "./version_resource.ts";

/** What is imported from a library: names and ordinals. */
export interface LibraryPlan {
  readonly library: string;
  readonly functions: readonly (string | number)[];
}

/** A resource; a text is a name. */
export interface ResourcePlan {
  readonly type: number | string;
  readonly id: number | string;
  readonly language: number;
  readonly data: Uint8Array;
}

/** What to put into a file. */
export interface PePlan {
  readonly is64?: boolean;
  readonly characteristics?: number;
  readonly timestamp?: number;
  readonly imports?: readonly LibraryPlan[];
  readonly delayedImports?: readonly LibraryPlan[];
  readonly exports?: {
    readonly library: string;
    readonly base: number;
    /** A name, `null` for none, `=name` for one that is forwarded. */
    readonly functions: readonly (string | null)[];
  };
  readonly resources?: readonly ResourcePlan[];
  /** Texts of a version resource. */
  readonly version?: Readonly<Record<string, string>>;
  /** Versions, tools and counts of a Rich header. */
  readonly rich?: readonly (readonly [version: number, tool: number, times: number])[];
  readonly pdbPath?: string;
  readonly overlay?: Uint8Array;
  /** What the security directory holds. */
  readonly security?: Uint8Array;
  /** Names of more sections, empty ones. */
  readonly moreSections?: readonly string[];
}

const IMAGE_BASE = 0x40_0000;
const TABLES_ADDRESS = 0x2000;
const CODE_ADDRESS = 0x1000;
const FILE_ALIGNMENT = 0x200;
const RICH_KEY = 0x1234_5678;

interface Directories {
  [index: number]: readonly [address: number, size: number];
}

/** Makes a file. */
export function buildPe(plan: PePlan): Uint8Array<ArrayBuffer> {
  const tables = new ByteWriter(TABLES_ADDRESS);
  const directories: Directories = {};
  if (plan.imports) directories[1] = writeImports(tables, plan.imports, plan.is64 ?? false);
  if (plan.delayedImports) {
    directories[13] = writeDelayed(tables, plan.delayedImports, plan.is64 ?? false);
  }
  if (plan.exports) directories[0] = writeExports(tables, plan.exports);
  const version = plan.version
    ? [{ type: 16, id: 1, language: 1033, data: versionResource(plan.version) }]
    : [];
  const resources = [...plan.resources ?? [], ...version];
  if (resources.length > 0) directories[2] = writeResources(tables, resources);
  if (plan.pdbPath !== undefined) directories[6] = writeDebug(tables, plan.pdbPath);
  tables.align(FILE_ALIGNMENT);
  return assemble(plan, tables.bytes(), directories);
}

function writeThunks(
  tables: ByteWriter,
  functions: LibraryPlan["functions"],
  is64: boolean,
  base = 0,
): number {
  const thunks = functions.map((item) => {
    if (typeof item === "number") return (is64 ? 1n << 63n : 1n << 31n) | BigInt(item);
    tables.align(2);
    const at = tables.numbers(2, 7);
    tables.text(item);
    return BigInt(at + base);
  });
  tables.align(8);
  return tables.numbers(is64 ? 8 : 4, ...thunks, 0);
}

function writeImports(
  tables: ByteWriter,
  libraries: readonly LibraryPlan[],
  is64: boolean,
): readonly [number, number] {
  const descriptors = libraries.map(({ library, functions }) => {
    const name = tables.text(library);
    const nameTable = writeThunks(tables, functions, is64);
    return [nameTable, 0, 0, name, writeThunks(tables, functions, is64)];
  });
  tables.align(4);
  const start = tables.numbers(4, ...descriptors.flat(), 0, 0, 0, 0, 0);
  return [start, tables.here - start];
}

/** In files of 32 bits with absolute addresses. */
function writeDelayed(
  tables: ByteWriter,
  libraries: readonly LibraryPlan[],
  is64: boolean,
): readonly [number, number] {
  const base = is64 ? 0 : IMAGE_BASE;
  const descriptors = libraries.map(({ library, functions }) => {
    const name = tables.text(library);
    const nameTable = writeThunks(tables, functions, is64, base);
    return [is64 ? 1 : 0, name + base, 0, nameTable + base, nameTable + base, 0, 0, 0];
  });
  tables.align(4);
  const start = tables.numbers(4, ...descriptors.flat(), 0, 0, 0, 0, 0, 0, 0, 0);
  return [start, tables.here - start];
}

function writeExports(
  tables: ByteWriter,
  { library, base, functions }: NonNullable<PePlan["exports"]>,
): readonly [number, number] {
  tables.align(4);
  const start = tables.numbers(4, 0, 0x5555_5555, 0, 0, 0, 0, 0, 0, 0, 0);
  const libraryAt = tables.text(library);
  const rvas = functions.map((name, i) =>
    name?.startsWith("=") ? tables.text(`other.${name.slice(1)}`) : CODE_ADDRESS + i
  );
  const named = functions.flatMap((name, i) => name === null ? [] : [[name.replace("=", ""), i] as const]);
  const names = named.map(([name]) => tables.text(name));
  tables.align(4);
  const [functionsAt, namesAt] = [tables.numbers(4, ...rvas), tables.numbers(4, ...names)];
  const ordinalsAt = tables.numbers(2, ...named.map(([, index]) => index));
  tables.patch(start + 12, 4, libraryAt, base, functions.length, names.length);
  tables.patch(start + 28, 4, functionsAt, namesAt, ordinalsAt);
  return [start, tables.here - start];
}

function writeResources(tables: ByteWriter, resources: readonly ResourcePlan[]): readonly [number, number] {
  tables.align(8);
  const start = tables.here;
  const directory = (count: number) => {
    tables.align(4);
    const at = tables.numbers(4, 0, 0x1234, 0x0002_0001, count << 16);
    tables.numbers(4, ...new Array(count * 2).fill(0));
    return at;
  };
  const root = directory(resources.length);
  resources.forEach(({ type, id, language, data }, i) => {
    const [types, languages] = [directory(1), directory(1)];
    const idOf = (value: number | string) => {
      if (typeof value === "number") return value;
      tables.align(2);
      const at = tables.numbers(2, value.length, ...Array.from(value, (char) => char.charCodeAt(0)));
      return 0x8000_0000 + at - start;
    };
    tables.align(4);
    const dataAt = tables.raw(data);
    const ids = [idOf(type), idOf(id)] as const;
    tables.align(4);
    const leaf = tables.numbers(4, dataAt, data.length, 0, 0);
    tables.patch(root + 16 + i * 8, 4, ids[0], 0x8000_0000 + types - start);
    tables.patch(types + 16, 4, ids[1], 0x8000_0000 + languages - start);
    tables.patch(languages + 16, 4, language, leaf - start);
  });
  return [start, tables.here - start];
}

function writeDebug(tables: ByteWriter, path: string): readonly [number, number] {
  tables.align(4);
  const info = tables.raw(new TextEncoder().encode("RSDS"));
  tables.numbers(4, 1, 2, 3, 4, 1);
  tables.text(path);
  tables.align(4);
  const start = tables.numbers(4, 0, 0, 0, 2, 24 + path.length, info, 0);
  return [start, 28];
}

function dosStub(rich: PePlan["rich"]): ByteWriter {
  const stub = new ByteWriter(0);
  stub.raw(new TextEncoder().encode("MZ"));
  stub.numbers(2, ...new Array(29).fill(0));
  stub.numbers(4, 0);
  stub.raw(new TextEncoder().encode("This is no program."));
  stub.align(0x40);
  if (rich) {
    const words = [
      0x536e_6144,
      0,
      0,
      0,
      ...rich.flatMap(([version, tool, times]) => [(tool << 16) | version, times]),
    ];
    stub.numbers(4, ...words.map((word) => BigInt((word ^ RICH_KEY) >>> 0)), 0x6863_6952, RICH_KEY);
  }
  stub.align(8);
  stub.patch(0x3c, 4, stub.here);
  return stub;
}

function assemble(
  plan: PePlan,
  tables: Uint8Array<ArrayBuffer>,
  directories: Directories,
): Uint8Array<ArrayBuffer> {
  const { is64 = false, characteristics = 0x102, timestamp = 0x6000_0000, overlay = [], security } = plan;
  const headers = dosStub(plan.rich);
  const more = plan.moreSections ?? [];
  headers.raw(new TextEncoder().encode("PE\0\0"));
  headers.numbers(2, is64 ? 0x8664 : 0x14c, 2 + more.length);
  headers.numbers(4, timestamp, 0, 0);
  headers.numbers(2, (is64 ? 112 : 96) + 128, characteristics);
  headers.numbers(2, is64 ? 0x20b : 0x10b, 0x0e0e);
  headers.numbers(4, 0x200, tables.length, 0, CODE_ADDRESS + 0x10, CODE_ADDRESS);
  if (!is64) headers.numbers(4, TABLES_ADDRESS);
  headers.numbers(is64 ? 8 : 4, IMAGE_BASE);
  headers.numbers(4, 0x1000, FILE_ALIGNMENT);
  headers.numbers(2, 6, 0, 1, 2, 6, 1);
  headers.numbers(4, 0, 0x1_0000, 0x600, 0xabcd);
  headers.numbers(2, 3, 0x8160);
  headers.numbers(is64 ? 8 : 4, 0x10_0000, 0x1000, 0x10_0000, 0x1000);
  headers.numbers(4, 0, 16);
  const directoryAt = headers.numbers(
    4,
    ...Array.from({ length: 16 }, (_, i) => directories[i] ?? [0, 0]).flat(),
  );
  const rawAt = 0x600;
  const section = (name: string, address: number, size: number, offset: number) => {
    headers.raw(new TextEncoder().encode(name.padEnd(8, "\0").slice(0, 8)));
    headers.numbers(4, size, address, size, offset, 0, 0, 0, 0x6000_0020);
  };
  section(".text", CODE_ADDRESS, 0x200, rawAt);
  section(".rdata", TABLES_ADDRESS, tables.length, rawAt + 0x200);
  more.forEach((name, i) => section(name, 0x10_0000 + i * 0x1000, 0, 0));
  const end = rawAt + 0x200 + tables.length;
  if (security) headers.patch(directoryAt + 4 * 8, 4, end + [...overlay].length, security.length);
  while (headers.here < rawAt) headers.numbers(1, 0);
  headers.raw(new Uint8Array(0x200).fill(0xcc));
  headers.raw(tables);
  headers.raw(overlay);
  headers.raw(security ?? []);
  return headers.bytes();
}
