/**
 * Headers of tar entries, found by their checksums.
 *
 * Format: POSIX.1-2017, pax, "ustar Interchange Format"; the checksum is the same in older formats.
 *
 * @module
 */

const BLOCK_BYTES = 512;
const CHECKSUM_START = 148;
const CHECKSUM_END = 156;
const SPACE = 0x20;

/** Where the first header at or behind `start` is, in steps of a block; `undefined` when there is none. */
export function findTarHeader(content: Uint8Array, start: number): number | undefined {
  for (let at = start; at + BLOCK_BYTES <= content.length; at += BLOCK_BYTES) {
    if (isTarHeader(content.subarray(at, at + BLOCK_BYTES))) return at;
  }
  return undefined;
}

function isTarHeader(block: Uint8Array): boolean {
  if (block[0] === 0) return false;
  const written = /^[ 0]*([0-7]{1,6})[ \0]/.exec(
    String.fromCharCode(...block.subarray(CHECKSUM_START, CHECKSUM_END)),
  );
  return written !== null && parseInt(written[1]!, 8) === checksum(block);
}

function checksum(block: Uint8Array): number {
  const isOfChecksum = (index: number) => index >= CHECKSUM_START && index < CHECKSUM_END;
  return block.reduce((sum, byte, index) => sum + (isOfChecksum(index) ? SPACE : byte), 0);
}
