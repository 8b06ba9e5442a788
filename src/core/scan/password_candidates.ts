/**
 * The password candidates of one request, and which of them a call is shown.
 *
 * @module
 */

import {
  MAX_PASSWORD_CHARS,
  MAX_PASSWORDS,
  MAX_PASSWORDS_OF_CALL,
  type PasswordCandidate,
  USER_ORIGIN,
} from "../contract/passwords.ts";
import type { Plain } from "../contract/plain.ts";

/** A payload, as far as candidates are concerned. */
export interface PasswordFinder {
  readonly payloadId: string;
  /** Ids of its parents. */
  readonly parentIds: readonly string[];
}

/** A candidate with the payload in which it was found. */
interface Found {
  readonly candidate: PasswordCandidate;
  readonly finder: PasswordFinder;
}

const NONE: readonly PasswordCandidate[] = [];

/** Candidates in the order in which they were found: by round, payload, and place in the answer. */
export class PasswordCandidates {
  readonly #user: readonly PasswordCandidate[];
  readonly #found: Found[] = [];
  readonly #keys = new Set<string>();
  readonly #finders = new Map<string, PasswordFinder>();

  /** Starts with the candidates of the user. */
  constructor(user: readonly string[] = []) {
    const values = new Set(user.filter(isCandidate));
    this.#user = [...values].slice(0, MAX_PASSWORDS).map((value, index) => (
      { value, origin: USER_ORIGIN, index }
    ));
  }

  /** Makes a payload known, so that its relatives are found. */
  addPayload(finder: PasswordFinder): void {
    this.#finders.set(finder.payloadId, finder);
  }

  /** Adds the candidates that were found in a payload. @returns how many were left out because there are too many */
  add(finder: PasswordFinder, candidates: readonly PasswordCandidate[]): number {
    let leftOut = 0;
    for (const { value, origin } of candidates) {
      const key = `${finder.payloadId}\n${value}`;
      if (this.#keys.has(key)) continue;
      if (this.#user.length + this.#found.length >= MAX_PASSWORDS) {
        leftOut++;
        continue;
      }
      this.#keys.add(key);
      // A worker can't pass its own candidate off as the user's.
      this.#found.push({ candidate: { value, origin: origin === USER_ORIGIN ? "unknown" : origin }, finder });
    }
    return leftOut;
  }

  /** Returns the candidates for a payload: the user's, then those of its ancestors, of its siblings, and all others. */
  for(payload: PasswordFinder): readonly PasswordCandidate[] {
    if (this.#found.length === 0) return this.#user.slice(0, MAX_PASSWORDS_OF_CALL);
    const ancestors = this.#ancestorsOf(payload);
    const parents = new Set(payload.parentIds);
    const groups: PasswordCandidate[][] = [[], [], []];
    for (const { candidate, finder } of this.#found) {
      const isAncestor = ancestors.has(finder.payloadId) || finder.payloadId === payload.payloadId;
      const isSibling = finder.parentIds.some((id) => parents.has(id));
      groups[isAncestor ? 0 : isSibling ? 1 : 2]!.push(candidate);
    }
    const unique = new Map<string, PasswordCandidate>();
    for (const candidate of [...this.#user, ...groups.flat()]) {
      if (unique.size === MAX_PASSWORDS_OF_CALL) break;
      if (!unique.has(candidate.value)) unique.set(candidate.value, candidate);
    }
    return unique.size === 0 ? NONE : [...unique.values()];
  }

  #ancestorsOf({ parentIds }: PasswordFinder): ReadonlySet<string> {
    const ancestors = new Set<string>();
    const waiting = [...parentIds];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (ancestors.has(id)) continue;
      ancestors.add(id);
      waiting.push(...this.#finders.get(id)?.parentIds ?? []);
    }
    return ancestors;
  }
}

/** Returns the candidates in `passwords` of a request's extra_data: a list of texts, or one text. */
export function passwordsIn(given: Plain | undefined): readonly string[] {
  if (typeof given === "string") return [given];
  return Array.isArray(given) ? given.filter((password) => typeof password === "string") : [];
}

function isCandidate(value: string): boolean {
  return value !== "" && value.length <= MAX_PASSWORD_CHARS;
}
