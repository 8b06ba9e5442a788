/**
 * Values of a module for a content that are certain.
 *
 * `null` is a value that YARA-X leaves undefined; JavaScript's `undefined` is one that only the engine knows.
 *
 * @module
 */

/** A member of a module. A text has one character for each byte. */
export type ModuleValue =
  | boolean
  | number
  | bigint
  | string
  | null
  | undefined
  | ModuleRecord
  | ReadonlyMap<string, ModuleValue>
  | readonly ModuleValue[];

/** A structure: name of a member → value; what is missing isn't known. */
export interface ModuleRecord {
  readonly [member: string]: ModuleValue;
}

/** An argument of a call: `null` where it is undefined, `undefined` where it isn't known. */
export type ModuleArgument = boolean | number | bigint | string | RegexpTest | null | undefined;

/** Whether a regular expression matches a text; undefined: not known. */
export type RegexpTest = (text: string) => boolean | undefined;

/** The values of a module for one content. */
export interface ModuleReader {
  /** Its members. */
  readonly members: ModuleRecord;
  /** Calls a function by its name and the types of its arguments, none of which is undefined or unknown. */
  call(signature: string, args: readonly ModuleArgument[]): ModuleValue;
}

/** Digest of bytes, lower-case hexadecimal. */
export type DigestFunction = (algorithm: "md5" | "sha1" | "sha256", bytes: Uint8Array) => string;
