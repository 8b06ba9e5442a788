/**
 * What bounds the core, whatever forms and content it is given.
 *
 * @module
 */

/** Hits of one form that are reported; a form with more is among the capped ones. */
export const HITS_PER_FORM_MAX = 10_000;

/** Hits of all forms that are reported; with more the scan ends, incomplete. They take eight bytes each. */
export const HITS_MAX = 1_000_000;

/**
 * Work that a scan may do in all: this much for each byte of the content, and as much again as `WORK_BASE`. A candidate
 * that is looked at is one unit, and so are sixteen bytes of it that are compared. 100 million units take less than a
 * second.
 */
export const WORK_PER_BYTE = 8;

/** Work that a scan may do however short the content is. */
export const WORK_BASE = 4_000_000;

/** The longest content, in bytes: offsets are 32-bit numbers. */
export const CONTENT_BYTES_MAX = 0xfff0_0000;

/** The largest tables, in bytes. */
export const TABLES_BYTES_MAX = 512_000_000;

/** Forms of one set of tables. */
export const FORMS_MAX = 4_000_000;
