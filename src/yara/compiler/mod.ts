/**
 * Compiles rules, for our own core and for engines that read text. What scans with compiled rules loads faster without it.
 *
 * @module
 */

export { type DeclaredPiece, readDeclarations, type RuleDeclaration } from "../declarations.ts";
export { buildProgram, type BuildSettings } from "./build.ts";
