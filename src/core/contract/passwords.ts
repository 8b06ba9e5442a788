/**
 * Passwords: candidates for encrypted payloads of a request.
 *
 * @module
 */

/** Candidates of one request. */
export const MAX_PASSWORDS = 1_000;

/** Candidates that one call is shown. */
export const MAX_PASSWORDS_OF_CALL = 100;

/** Longest candidate, in characters. */
export const MAX_PASSWORD_CHARS = 1_024;

/** Origin of the candidates that the user gave. */
export const USER_ORIGIN = "user";

/** A candidate. */
export interface PasswordCandidate {
  /** The password. */
  readonly value: string;
  /** Where it was found, such as `mail body` or `file name`; `user` for those that the user gave. */
  readonly origin: string;
  /** Number of the user's candidate, from 0. Name it in results instead of `value`; absent for other candidates. */
  readonly index?: number;
}
