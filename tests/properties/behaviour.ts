/**
 * What a node of a random scan does: data, from which the plugin acts and a test foretells.
 *
 * @module
 */

/** How the bytes of an extracted payload come from those of its parent. */
export type ContentRule =
  /** One of few texts, so that payloads meet their twins. */
  | { readonly kind: "pool"; readonly index: number }
  /** Something new each time, without end. */
  | { readonly kind: "grow"; readonly letter: string }
  /** The parent itself. */
  | { readonly kind: "same" }
  /** The parent and so many bytes. */
  | { readonly kind: "pad"; readonly sizeBytes: number };

/** A payload that a worker extracts. */
export interface Extraction {
  readonly rule: ContentRule;
  readonly dispatchTo: readonly string[];
  readonly shouldScan: boolean;
}

/** What a worker does on one payload. */
export type WorkerAction =
  | {
    readonly kind: "answer";
    readonly extracted: readonly Extraction[];
    readonly dispatchTo: readonly string[];
    /** Failures that it reports. */
    readonly failures: number;
  }
  | { readonly kind: "throw" }
  /** Answers with something that is no answer. */
  | { readonly kind: "nonsense" };

/** What a dispatcher does on one payload. */
export type DispatchAction =
  | { readonly kind: "answer"; readonly names: readonly string[]; readonly isFinal: boolean }
  | { readonly kind: "throw" };

/** All that a node does. Rows are picked by the payload, so two nodes with one row each always do the same. */
export interface Program {
  readonly scan: readonly WorkerAction[];
  readonly dispatch: readonly DispatchAction[];
  /** Whether it can't be loaded. */
  readonly isBroken: boolean;
}

/** Returns the row for a payload; `turn` moves to the next one. */
export function pick<T>(rows: readonly T[], content: string, turn = 0): T {
  const sum = [...content].reduce((total, letter) => total + letter.charCodeAt(0), turn);
  return rows[sum % rows.length]!;
}

/** Returns the bytes of an extracted payload, all ASCII. */
export function contentOf(rule: ContentRule, parent: string): string {
  switch (rule.kind) {
    case "pool":
      return `pool${rule.index}`;
    case "grow":
      return parent + rule.letter;
    case "same":
      return parent;
    case "pad":
      return parent + "#".repeat(rule.sizeBytes);
  }
}
