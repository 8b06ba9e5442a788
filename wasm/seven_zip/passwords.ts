/**
 * Passwords to try.
 *
 * @module
 */

/** Most passwords that are tried on one archive. */
export const MAX_PASSWORDS = 200;

/** Longest password, in bytes of UTF-8. */
export const MAX_PASSWORD_BYTES = 1024;

/** Returns the passwords that can be tried, in order, each once: no empty ones, none that a command line can't hold. */
export function candidatePasswords(passwords: readonly string[]): string[] {
  const usable = passwords.filter((password) =>
    password !== "" && !password.includes("\0") &&
    new TextEncoder().encode(password).length <= MAX_PASSWORD_BYTES
  );
  return [...new Set(usable)].slice(0, MAX_PASSWORDS);
}
