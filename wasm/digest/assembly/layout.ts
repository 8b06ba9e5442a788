/** Where things lie in the one page of memory; all of it but the constants is scratch. */

export const STATE: usize = 0;
export const STATE_MD5: usize = STATE;
export const STATE_SHA1: usize = STATE_MD5 + 16;
export const STATE_SHA256: usize = STATE_SHA1 + 20;
export const STATE_BYTES: usize = 16 + 20 + 32;

export const MD5_WORDS: usize = 128;
export const SHA1_SCHEDULE: usize = MD5_WORDS + 64;
export const SHA256_SCHEDULE: usize = SHA1_SCHEDULE + 320;

/** A multiple of 64 that stays in the first-level cache between the algorithms. */
export const INPUT_BYTES: usize = 16384;
export const INPUT: usize = 4096;
