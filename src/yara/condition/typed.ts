/**
 * Expressions with their types, on their way from syntax to tree.
 *
 * @module
 */

import type { RegexpSyntax } from "../syntax.ts";
import type { ModuleSchema } from "./module_schema.ts";
import type { BooleanNode, FloatNode, IntegerNode, ModuleStep, TextNode, ValueNode } from "./tree.ts";

/** A structure, an array or a map of a module. */
export interface ModuleObject {
  readonly module: string;
  readonly schema: ModuleSchema;
  /** As in the schema: a structure's name, `[]T`, or `{}T`. */
  readonly type: string;
  /** Whether an index is before it, so that it is undefined in a module without values. */
  readonly isIndexed: boolean;
  /** Whether it is a member of a structure within the module: an array there has one element in a module without values. */
  readonly isNested: boolean;
  /** Slot of the loop's variable from which the path starts. */
  readonly slot?: number;
  /** The steps from the start to it. */
  readonly path: readonly ModuleStep[];
}

/** A function. */
export type Callable =
  | { readonly kind: "read"; readonly name: string }
  | { readonly kind: "length"; readonly of: ModuleObject | TextNode }
  | { readonly kind: "module"; readonly of: ModuleObject; readonly name: string };

/** A resolved expression. */
export type Typed =
  | ValueNode & { readonly constant?: number | bigint }
  | { readonly t: "regexp"; readonly regexp: RegexpSyntax }
  | { readonly t: "object"; readonly object: ModuleObject }
  | { readonly t: "function"; readonly callable: Callable }
  /** Of an unknown type. */
  | { readonly t: "unknown" };

/** An unknown expression; it makes the condition opaque. */
export const UNKNOWN: Typed = { t: "unknown" };

/** A condition. */
export function typedBoolean(of: BooleanNode): Typed {
  return { t: "b", of };
}

/** An integer. */
export function typedInteger(of: IntegerNode): Typed {
  return { t: "i", of };
}

/** A float. */
export function typedFloat(of: FloatNode): Typed {
  return { t: "f", of };
}

/** A text. */
export function typedText(of: TextNode): Typed {
  return { t: "s", of };
}

/** An integer that the compiler knows. */
export function typedConstant(value: number | bigint): Typed {
  const v = typeof value === "number" && Number.isSafeInteger(value) ? value : String(value);
  return { t: "i", of: { op: "integer", v }, constant: value };
}

/** Whether it is a boolean, an integer, a float or a text. */
export function isScalar(typed: Typed): typed is ValueNode & { constant?: number | bigint } {
  return typed.t === "b" || typed.t === "i" || typed.t === "f" || typed.t === "s";
}

/** The type's name, for people. */
export function typeName(typed: Typed): string {
  const names = {
    b: "a boolean",
    i: "an integer",
    f: "a float",
    s: "a text",
    regexp: "a regular expression",
  };
  if (typed.t === "object") {
    if (typed.object.type.startsWith("[]")) return "an array";
    return typed.object.type.startsWith("{}") ? "a map" : "a structure";
  }
  return typed.t === "function" ? "a function" : typed.t === "unknown" ? "unknown" : names[typed.t];
}
