/** Finds the imports of a module, with their places. */
export { type ImportSpecifier, init, parse } from "npm:es-module-lexer@2.0.0";
