/**
 * The file system, as those who read configuration and plugins are given it.
 *
 * @module
 */

/** Largest text that is read: configuration and manifests are written by hand. */
export const MAX_TEXT_BYTES = 16_000_000;

/** What stands at a path. */
export type FileKind = "file" | "directory" | "other";

/** A name in a directory. */
export interface DirectoryEntry {
  readonly name: string;
  /** Kind of the entry itself; a symbolic link is `other`. */
  readonly kind: FileKind;
}

/** Content of a file or stream whose size was not known before. */
export type BoundedReading =
  | { readonly content: Uint8Array }
  /** It is larger than it may be, so nothing of it is kept; its size where the system knows it. */
  | { readonly content: undefined; readonly sizeBytes: number | undefined };

/**
 * Reading access to files. Paths are absolute, or relative to the working folder. `kindOf`, `hasEntry` and `readBytes` also
 * take raw text (`raw_name.ts`) for a path that is not UTF-8, where a symbolic link is not followed; the others refuse it.
 */
export interface Files {
  /** Kind of what is at a path, symbolic links followed; `undefined` where nothing is. */
  kindOf(path: string): Promise<FileKind | undefined>;
  /** Whether there is something that may be looked at under a path, be it a symbolic link that leads nowhere. @throws as `kindOf` */
  hasEntry(path: string): Promise<boolean>;
  /** @throws when the file can't be read, is larger than {@link MAX_TEXT_BYTES} or not UTF-8 */
  readText(path: string): Promise<string>;
  /** Reads a file, or a device that may have no end, and stops soon after the limit. @throws when it can't be read */
  readBytes(path: string, limitBytes: number): Promise<BoundedReading>;
  /** Entries by name. @throws when the directory can't be read */
  list(path: string): Promise<readonly DirectoryEntry[]>;
  /** Joins and normalises; a later absolute part replaces what came before it. */
  resolve(...parts: readonly string[]): string;
  /** Last name of a path. */
  baseName(path: string): string;
  /** Whether a word means a path rather than a name. */
  hasSeparator(word: string): boolean;
  /** URL by which a module at a path is imported. */
  toUrl(path: string): string;
  /** Path of a `file:` URL. */
  fromUrl(url: string): string;
}
