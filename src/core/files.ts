/**
 * The file system, as those who read configuration and plugins are given it.
 *
 * @module
 */

/** What stands at a path. */
export type FileKind = "file" | "directory" | "other";

/** A name in a directory. */
export interface DirectoryEntry {
  readonly name: string;
  /** Kind of the entry itself; a symbolic link is `other`. */
  readonly kind: FileKind;
}

/** Reading access to files. Paths are absolute, or relative to the working folder. */
export interface Files {
  /** Kind of what is at a path, symbolic links followed; `undefined` where nothing is. */
  kindOf(path: string): Promise<FileKind | undefined>;
  /** @throws when the file can't be read or is not UTF-8 */
  readText(path: string): Promise<string>;
  /** @throws when the file can't be read */
  readBytes(path: string): Promise<Uint8Array>;
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
