/**
 * What opening and unpacking an archive gives.
 *
 * @module
 */

/** What an entry is. `special` is a device, a pipe or a socket. */
export type EntryKind = "file" | "directory" | "symlink" | "hardlink" | "special";

/** One entry as the archive describes it; nothing of it is verified. */
export interface Entry {
  /** The full path inside the archive; line ends and some control characters are `_`. Absent in formats without names. */
  readonly path: string | undefined;
  /** What it is, as far as the archive says. */
  readonly kind: EntryKind;
  /** The size that the content should have. */
  readonly sizeBytes: number | undefined;
  /** The size that it has in the archive. */
  readonly packedBytes: number | undefined;
  /** Whether its content needs a password. */
  readonly isEncrypted: boolean;
  /** How it is packed, in 7-Zip's words. */
  readonly method: string | undefined;
  /** `2024-11-29 10:00:00`: in UTC where the format stores UTC, else in the packer's local time. */
  readonly modified: string | undefined;
  /** Eight upper-case hexadecimal digits. */
  readonly crc32: string | undefined;
  /** The system on which it was packed, in 7-Zip's words. */
  readonly hostSystem: string | undefined;
  /** At most 1,000 characters. */
  readonly comment: string | undefined;
  /** Where a link points; it is never followed. */
  readonly linkTarget: string | undefined;
}

/** The content of one entry. */
export interface ExtractedFile {
  /** The full path as it was written, control characters included. Absent in formats without names. */
  readonly path: string | undefined;
  /** The path's bytes, where they are not UTF-8 and {@linkcode path} has replacement characters. */
  readonly pathBytes: Uint8Array | undefined;
  /** The bytes, in a buffer of their own. */
  readonly content: Uint8Array;
  /** The entry's number in {@linkcode Extraction.entries}; `undefined` for entries beyond what is listed. */
  readonly entryIndex: number | undefined;
  /** What is wrong with the content: it may be cut short or hold wrong bytes. */
  readonly damage: ProblemKind | undefined;
  /** The password that decrypted it. */
  readonly password: string | undefined;
}

/** What can go wrong, without losing what went right. */
export type ProblemKind =
  /** No format that was tried knows these bytes. */
  | "not-an-archive"
  /** Encrypted, and there was no password to try. */
  | "encrypted"
  /** Encrypted, and no password fits. */
  | "wrong-password"
  /** Something is missing at the end. */
  | "truncated"
  /** Headers or contents contradict themselves or their checksums. */
  | "damaged"
  /** A method or format feature that 7-Zip lacks. */
  | "unsupported"
  /** An entry is larger than the limit for one file, or an entry did not fit into the rest of the total. */
  | "limit-file-bytes"
  | "limit-total-bytes"
  | "limit-files"
  /** Too much would have to be unpacked only to be thrown away. */
  | "limit-work-bytes"
  /** Some passwords were not tried, because making keys of them takes too long. */
  | "limit-key-derivation"
  /** 7-Zip needs more memory than it may have. */
  | "limit-memory";

/** One kind of problem and what it hit. */
export interface Problem {
  /** Stable. */
  readonly kind: ProblemKind;
  /** 7-Zip's words, or ours. */
  readonly detail: string;
  /** How many entries it hit; 0 when it is about the archive. */
  readonly entryCount: number;
  /** Whether it may have hit more, because not all entries are known. */
  readonly isEntryCountAtLeast: boolean;
  /** Where in the archive's bytes, when that is known: where the damage begins, or where something is missing. */
  readonly offset: number | undefined;
  /** Path of the first entry that it hit. */
  readonly firstPath: string | undefined;
}

/** What the archive says of itself. */
export interface ArchiveInfo {
  /** Whether not even names can be read without the password. */
  readonly isHeaderEncrypted: boolean;
  /** Where the archive starts, when other data comes first (self-extractors, polyglots). */
  readonly offset: number | undefined;
  /** How long the archive itself is. */
  readonly physicalBytes: number | undefined;
  /** How many bytes follow the archive. */
  readonly tailBytes: number | undefined;
  /** How it is packed, in 7-Zip's words. */
  readonly method: string | undefined;
  /** Whether entries are packed together, so that damage to one hits those that follow. */
  readonly isSolid: boolean | undefined;
  /** At most 1,000 characters. */
  readonly comment: string | undefined;
  /** Errors and warnings of 7-Zip about the archive as a whole. */
  readonly remarks: readonly string[];
}

/** Everything that came out. */
export interface Extraction {
  /** 7-Zip's name of the format, or `Msi`; also of an archive that could not be opened, as far as it is known. */
  readonly format: string | undefined;
  /** Absent when the archive could not be opened. */
  readonly archive: ArchiveInfo | undefined;
  /** The entries, in the archive's order, up to a limit. */
  readonly entries: readonly Entry[];
  /** How many entries there are. */
  readonly entryCount: number;
  /** Whether there may be more, because the listing ended early: it broke off, or has more than 256 MB. */
  readonly isEntryCountAtLeast: boolean;
  /** Contents, in the archive's order. */
  readonly files: readonly ExtractedFile[];
  /** Passwords that fitted, in the order in which they were tried. */
  readonly passwords: readonly string[];
  /** Empty when all went well. */
  readonly problems: readonly Problem[];
}
