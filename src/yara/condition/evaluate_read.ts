/**
 * The functions that read numbers from the content: `uint16be(offset)` and its like.
 *
 * @module
 */

import { floatOf, type FloatValue, UNKNOWN_FLOAT } from "./float.ts";
import { type IntegerValue, Interval, isKnown } from "./integer.ts";

type Read<T> = (view: DataView, offset: number) => T;

interface Reader {
  readonly size: number;
  readonly lo: number;
  readonly hi: number;
  readonly read: Read<number>;
}

const INTEGERS: Readonly<Record<string, Reader>> = {
  uint8: { size: 1, lo: 0, hi: 0xff, read: (view, at) => view.getUint8(at) },
  uint16: { size: 2, lo: 0, hi: 0xffff, read: (view, at) => view.getUint16(at, true) },
  uint32: { size: 4, lo: 0, hi: 0xffffffff, read: (view, at) => view.getUint32(at, true) },
  uint8be: { size: 1, lo: 0, hi: 0xff, read: (view, at) => view.getUint8(at) },
  uint16be: { size: 2, lo: 0, hi: 0xffff, read: (view, at) => view.getUint16(at) },
  uint32be: { size: 4, lo: 0, hi: 0xffffffff, read: (view, at) => view.getUint32(at) },
  int8: { size: 1, lo: -0x80, hi: 0x7f, read: (view, at) => view.getInt8(at) },
  int16: { size: 2, lo: -0x8000, hi: 0x7fff, read: (view, at) => view.getInt16(at, true) },
  int32: { size: 4, lo: -0x80000000, hi: 0x7fffffff, read: (view, at) => view.getInt32(at, true) },
  int8be: { size: 1, lo: -0x80, hi: 0x7f, read: (view, at) => view.getInt8(at) },
  int16be: { size: 2, lo: -0x8000, hi: 0x7fff, read: (view, at) => view.getInt16(at) },
  int32be: { size: 4, lo: -0x80000000, hi: 0x7fffffff, read: (view, at) => view.getInt32(at) },
};

const FLOATS: Readonly<Record<string, { readonly size: number; readonly read: Read<number> }>> = {
  float32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  float64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  float32be: { size: 4, read: (view, at) => view.getFloat32(at) },
  float64be: { size: 8, read: (view, at) => view.getFloat64(at) },
};

/** The type that a function of this name reads; undefined: there is no such function. */
export function readType(name: string): "i" | "f" | undefined {
  if (Object.hasOwn(INTEGERS, name)) return "i";
  return Object.hasOwn(FLOATS, name) ? "f" : undefined;
}

/** The integer at an offset; undefined where it does not lie within the content. */
export function readInteger(name: string, at: IntegerValue, content: Uint8Array | undefined): IntegerValue {
  const { size, lo, hi, read } = INTEGERS[name]!;
  if (at === null) return null;
  if (!content || !isKnown(at)) return new Interval(BigInt(lo), BigInt(hi), true);
  const offset = offsetWithin(at, size, content);
  return offset === undefined ? null : read(viewOf(content), offset);
}

/** The float at an offset; undefined where it does not lie within the content. */
export function readFloat(name: string, at: IntegerValue, content: Uint8Array | undefined): FloatValue {
  const { size, read } = FLOATS[name]!;
  if (at === null) return null;
  if (!content || !isKnown(at)) return UNKNOWN_FLOAT;
  const offset = offsetWithin(at, size, content);
  return offset === undefined ? floatOf(null) : read(viewOf(content), offset);
}

function offsetWithin(at: number | bigint, size: number, content: Uint8Array): number | undefined {
  return typeof at === "number" && at >= 0 && at + size <= content.length ? at : undefined;
}

let lastContent: Uint8Array | undefined;
let lastView: DataView | undefined;

/** A view costs more than a read, and nearly all reads are of one content. */
function viewOf(content: Uint8Array): DataView {
  if (lastContent !== content || !lastView) {
    lastView = new DataView(content.buffer, content.byteOffset, content.byteLength);
    lastContent = content;
  }
  return lastView;
}
