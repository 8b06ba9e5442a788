/**
 * The functions that the 7-Zip binary imports: files, console, clock, memory and the ways out. Time is UTC
 * throughout, so that results do not depend on the host.
 *
 * @module
 */

import { ERRNO } from "./abi.ts";
import type { FileStatus, GuestFiles } from "./guest_files.ts";
import type { GuestMemory } from "./guest_memory.ts";

/** Thrown through the guest when it calls `exit`. */
export class GuestExit extends Error {
  override readonly name = "GuestExit";
  constructor(readonly code: number) {
    super(`7-Zip called exit(${code})`);
  }
}

/** Thrown through the guest when its C++ throws: this build has no handlers, so the run is over. */
export class GuestException extends Error {
  override readonly name = "GuestException";
  /** @param typeName the mangled name of the C++ type */
  constructor(readonly typeName: string) {
    super(`7-Zip threw ${typeName}`);
  }
}

type Import = (...args: never[]) => number | bigint | void;

const SECOND_MS = 1000;
const ENVIRONMENT = new TextEncoder().encode("LANG=en_US.UTF-8\0");

/** The import object for one instance. */
export function createImports(memory: GuestMemory, files: GuestFiles): WebAssembly.Imports {
  return {
    env: { ...pathCalls(memory, files), ...clockCalls(memory), ...processCalls(memory) },
    wasi_snapshot_preview1: { ...descriptorCalls(memory, files), ...environmentCalls(memory) },
  };
}

function pathCalls(memory: GuestMemory, files: GuestFiles): Record<string, Import> {
  const status = (path: number, buffer: number) =>
    writeStatus(memory, buffer, files.status(memory.cString(path)), ERRNO.noEntry);
  const done = () => ERRNO.success;
  return {
    __syscall_openat: (_dir: number, path: number, flags: number) => files.open(memory.cString(path), flags),
    __syscall_stat64: status,
    __syscall_lstat64: status,
    __syscall_newfstatat: (_dir: number, path: number, buffer: number) => status(path, buffer),
    __syscall_fstat64: (descriptor: number, buffer: number) =>
      writeStatus(memory, buffer, files.statusOf(descriptor), ERRNO.badDescriptor),
    __syscall_mkdirat: (_dir: number, path: number) => files.makeDirectory(memory.cString(path)),
    __syscall_utimensat: (_dir: number, path: number) => files.setTimes(memory.cString(path)),
    __syscall_unlinkat: (_dir: number, path: number) => files.remove(memory.cString(path)),
    __syscall_symlinkat: (target: number, _dir: number, path: number) =>
      files.makeLink(memory.cString(path), memory.cString(target)),
    __syscall_readlinkat: () => -ERRNO.invalid,
    __syscall_getdents64: () => -ERRNO.notPermitted,
    __syscall_getcwd: (buffer: number) => {
      memory.bytes.set([0x2f, 0], buffer);
      return 2;
    },
    // What is to be changed was never made.
    __syscall_chmod: done,
    __syscall_fchownat: done,
    __syscall_ftruncate64: done,
    __syscall_renameat: done,
    __syscall_rmdir: done,
    __syscall_ioctl: () => -ERRNO.notTerminal,
  };
}

function descriptorCalls(memory: GuestMemory, files: GuestFiles): Record<string, Import> {
  const transfer = (
    each: (chunk: Uint8Array) => number,
    vectors: number,
    count: number,
    answer: number,
  ) => {
    let total = 0;
    for (let index = 0; index < count; index++) {
      const chunk = memory.vector(vectors, index);
      if (chunk.length === 0) continue;
      const moved = each(chunk);
      if (moved < 0) return -moved;
      total += moved;
      if (moved < chunk.length) break;
    }
    memory.view.setUint32(answer, total, true);
    return ERRNO.success;
  };
  return {
    fd_read: (descriptor: number, vectors: number, count: number, answer: number) =>
      transfer((chunk) => files.read(descriptor, chunk), vectors, count, answer),
    fd_write: (descriptor: number, vectors: number, count: number, answer: number) =>
      transfer((chunk) => files.write(descriptor, chunk), vectors, count, answer),
    fd_close: (descriptor: number) => -files.close(descriptor),
    fd_seek: (descriptor: number, offset: bigint, origin: number, answer: number) => {
      const position = files.seek(descriptor, Number(offset), origin);
      if (position < 0) return -position;
      memory.view.setBigInt64(answer, BigInt(position), true);
      return ERRNO.success;
    },
    fd_fdstat_get: (descriptor: number, answer: number) => {
      const isConsole = descriptor <= 2;
      memory.bytes.fill(0, answer, answer + 24);
      memory.bytes[answer] = isConsole ? 2 : 4;
      return ERRNO.success;
    },
  };
}

function environmentCalls(memory: GuestMemory): Record<string, Import> {
  return {
    environ_sizes_get: (count: number, sizeBytes: number) => {
      memory.view.setUint32(count, 1, true);
      memory.view.setUint32(sizeBytes, ENVIRONMENT.length, true);
      return ERRNO.success;
    },
    environ_get: (list: number, buffer: number) => {
      memory.view.setUint32(list, buffer, true);
      memory.bytes.set(ENVIRONMENT, buffer);
      return ERRNO.success;
    },
    clock_time_get: (_clock: number, _precision: bigint, answer: number) => {
      memory.view.setBigInt64(answer, BigInt(Math.round(performance.now() * 1e6)), true);
      return ERRNO.success;
    },
  };
}

function clockCalls(memory: GuestMemory): Record<string, Import> {
  const breakDown = (seconds: bigint, answer: number) => {
    const date = new Date(Number(seconds) * SECOND_MS);
    const year = date.getUTCFullYear();
    const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / (24 * 3600 * SECOND_MS));
    const fields = [date.getUTCSeconds(), date.getUTCMinutes(), date.getUTCHours(), date.getUTCDate()];
    fields.push(date.getUTCMonth(), year - 1900, date.getUTCDay(), dayOfYear, 0, 0);
    fields.forEach((field, index) => memory.view.setInt32(answer + 4 * index, field, true));
  };
  return {
    emscripten_date_now: () => Date.now(),
    _gmtime_js: breakDown,
    _localtime_js: breakDown,
    _mktime_js: (fields: number) => {
      const field = (index: number) => memory.view.getInt32(fields + 4 * index, true);
      const ms = Date.UTC(field(5) + 1900, field(4), field(3), field(2), field(1), field(0));
      return Number.isNaN(ms) ? -1n : BigInt(ms / SECOND_MS);
    },
    _tzset_js: (timezone: number, daylight: number, standardName: number, daylightName: number) => {
      memory.view.setInt32(timezone, 0, true);
      memory.view.setInt32(daylight, 0, true);
      for (const name of [standardName, daylightName]) memory.bytes.set([0x55, 0x54, 0x43, 0], name);
    },
  };
}

function processCalls(memory: GuestMemory): Record<string, Import> {
  return {
    exit: (code: number) => {
      throw new GuestExit(code);
    },
    _abort_js: () => {
      throw new GuestException("abort");
    },
    __cxa_throw: (_value: number, type: number) => {
      // The second word of a C++ type_info is the pointer to its mangled name.
      const name = memory.cString(memory.view.getUint32(type + 4, true));
      throw new GuestException(new TextDecoder().decode(name));
    },
    emscripten_get_heap_max: () => 2 ** 31,
    emscripten_resize_heap: (requestedBytes: number) => memory.grow(requestedBytes >>> 0) ? 1 : 0,
  };
}

function writeStatus(
  memory: GuestMemory,
  buffer: number,
  status: FileStatus | undefined,
  missing: number,
): number {
  if (status === undefined) return -missing;
  const { view, bytes } = memory;
  bytes.fill(0, buffer, buffer + 96);
  view.setInt32(buffer, 1, true); // st_dev
  view.setInt32(buffer + 4, status.mode, true);
  view.setInt32(buffer + 8, 1, true); // st_nlink
  view.setBigInt64(buffer + 24, BigInt(status.sizeBytes), true);
  view.setInt32(buffer + 32, 4096, true); // st_blksize
  view.setBigInt64(buffer + 88, 1n, true); // st_ino
  return ERRNO.success;
}
