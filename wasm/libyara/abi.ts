/**
 * The package as it is: Embind's view of a C++ class. Vectors must be deleted.
 *
 * @module
 */

/** A `std::vector`. */
export interface Vector<T> {
  size(): number;
  get(index: number): T;
  delete(): void;
}

/** An error or warning of the compiler. */
export interface CompileError {
  readonly message: string;
  /** In the whole text, from 1. */
  readonly lineNumber: number;
  readonly warning: boolean;
}

/** A hit; its `data` is left unread, because it comes as UTF-8 that it is not. */
export interface ResolvedMatch {
  readonly location: number;
  readonly matchLength: number;
  readonly stringIdentifier: string;
}

/** A rule that matches. Metadata comes without types, hence it is not read. */
export interface MatchedRule {
  readonly ruleName: string;
  readonly resolvedMatches: Vector<ResolvedMatch>;
  readonly metadata: Vector<unknown>;
}

/** What `run` returns. */
export interface RunResult {
  readonly compileErrors: Vector<CompileError>;
  readonly consoleLogs: Vector<string>;
  readonly matchedRules: Vector<MatchedRule>;
  delete(): void;
}

/** A started instance. */
export interface Libyara {
  /** Compiles rules and scans with them; bytes are taken as they are, text as UTF-8. */
  run(bytes: Uint8Array, rules: string): RunResult;
  /** A view of the whole memory; another one after the memory has grown. */
  readonly HEAPU8: Uint8Array;
  /** Where the stack is. */
  stackSave(): number;
  /** Sets the stack back. */
  stackRestore(stack: number): void;
}

/** The package's default export. */
export type Factory = (options: {
  print: (line: string) => void;
  printErr: (line: string) => void;
}) => Promise<Libyara>;

/** The items of a vector, which is deleted. */
export function takeAll<T>(vector: Vector<T>): T[] {
  const items = Array.from({ length: vector.size() }, (_, i) => vector.get(i));
  vector.delete();
  return items;
}
