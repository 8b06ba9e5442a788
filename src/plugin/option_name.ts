/**
 * Names of options: snake_case where people and manifests write them, camelCase in TypeScript.
 *
 * @module
 */

/** `maxRecursion` → `max_recursion`. */
export function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `worker_rules` → `workerRules`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
