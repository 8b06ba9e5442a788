/** Compares a form's run with the content, bit for bit. */
import {
  BOUNDARY_NONE,
  BOUNDARY_WIDE,
  FOLDED,
  FORM_BYTES_AT,
  FORM_LENGTH,
  FORM_MASK_AT,
  FORM_RUN_FROM,
  FORM_RUN_LENGTH,
  FORM_TRAITS,
  HEADER_POOL_AT,
  KIND_FOLDED,
  KIND_MASKED,
  KIND_XORED,
  RAW,
  TABLES,
  TAIL_MASK,
} from "../layout";
import { spend } from "./state";

/**
 * Whether the run of the form at address `form` is at `place`, a byte of the view, which is the content's at `offset`; all
 * of the run is inside the content.
 */
export function isRunAt(form: usize, place: usize, offset: u32, contentBytes: u32): bool {
  const length: usize = load<u32>(form, FORM_RUN_LENGTH);
  const runFrom: usize = load<u32>(form, FORM_RUN_FROM);
  const traits = load<u32>(form, FORM_TRAITS);
  const kind = traits & 255;
  const pool = TABLES + <usize>load<u32>(TABLES, HEADER_POOL_AT) + runFrom;
  const bytes = pool + <usize>load<u32>(form, FORM_BYTES_AT);
  let key: u32 = 0;
  if (kind == KIND_XORED) {
    key = <u32>load<u8>(RAW + place) ^ <u32>load<u8>(bytes);
    if (key < (traits >> 16 & 255) || key > traits >> 24) return false;
  }
  const isEqual = kind == KIND_MASKED
    ? isMaskedAt(RAW + place, bytes, pool + <usize>load<u32>(form, FORM_MASK_AT), length)
    : isEqualAt(kind == KIND_FOLDED ? FOLDED + place : RAW + place, bytes, length, <u8>key);
  if (!isEqual) return false;
  const boundary = traits >> 8 & 255;
  // The neighbours of a part of a form say nothing.
  if (boundary == BOUNDARY_NONE || <u32>length != load<u32>(form, FORM_LENGTH)) return true;
  const after = contentBytes - offset - <u32>length;
  return boundary == BOUNDARY_WIDE
    ? isWideWord(RAW + place, length, key, offset, after)
    : isWord(RAW + place, length, key, offset, after);
}

/** The first `length` bytes of sixteen. */
@inline
function tail(length: usize): v128 {
  return v128.load(TAIL_MASK + 16 - length);
}

function isEqualAt(content: usize, bytes: usize, length: usize, key: u8): bool {
  const keys = i8x16.splat(<i8>key);
  let done: usize = 0;
  for (; done + 16 <= length; done += 16) {
    if (v128.any_true(v128.xor(v128.xor(v128.load(content + done), keys), v128.load(bytes + done)))) {
      spend(<u32>done >> 4);
      return false;
    }
  }
  spend(<u32>done >> 4);
  const rest = v128.xor(v128.xor(v128.load(content + done), keys), v128.load(bytes + done));
  return !v128.any_true(v128.and(rest, tail(length - done)));
}

function isMaskedAt(content: usize, bytes: usize, mask: usize, length: usize): bool {
  let done: usize = 0;
  for (; done + 16 <= length; done += 16) {
    const counted = v128.and(v128.load(content + done), v128.load(mask + done));
    if (v128.any_true(v128.xor(counted, v128.load(bytes + done)))) {
      spend(<u32>done >> 4);
      return false;
    }
  }
  spend(<u32>done >> 4);
  const rest = v128.xor(v128.and(v128.load(content + done), v128.load(mask + done)), v128.load(bytes + done));
  return !v128.any_true(v128.and(rest, tail(length - done)));
}

function isWord(start: usize, length: usize, key: u32, before: u32, after: u32): bool {
  if (before >= 1 && isAlphanumeric(<u32>load<u8>(start - 1) ^ key)) return false;
  return !(after >= 1 && isAlphanumeric(<u32>load<u8>(start + length) ^ key));
}

/** A neighbour is a letter or digit with a zero byte; of one that the content has only half of nothing is known. */
function isWideWord(start: usize, length: usize, key: u32, before: u32, after: u32): bool {
  if (before >= 2 && load<u8>(start - 1) == <u8>key && isAlphanumeric(<u32>load<u8>(start - 2) ^ key)) return false;
  const end = start + length;
  return !(after >= 2 && load<u8>(end + 1) == <u8>key && isAlphanumeric(<u32>load<u8>(end) ^ key));
}

function isAlphanumeric(byte: u32): bool {
  return (byte | 32) - 97 < 26 || byte - 48 < 10;
}
