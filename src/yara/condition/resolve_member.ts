/**
 * Resolves names, members of modules, indices and calls.
 *
 * @module
 */

import type { Expression } from "../syntax.ts";
import { MATH_FUNCTIONS } from "./evaluate_math.ts";
import { readType } from "./evaluate_read.ts";
import { moduleSchema } from "./module_schema.ts";
import type { ResolverContext } from "./resolver_context.ts";
import type {
  AbsentValue,
  ArgumentNode,
  IntegerNode,
  ModuleNode,
  ModuleStep,
  TextNode,
  ValueNode,
} from "./tree.ts";
import {
  type Callable,
  isScalar,
  type ModuleObject,
  type Typed,
  typedBoolean,
  typedConstant,
  typedFloat,
  typedInteger,
  typedText,
  typeName,
  UNKNOWN,
} from "./typed.ts";

/** A variable of a loop, a rule, an external variable, a module, or a function of the language. */
export function resolveName(resolver: ResolverContext, name: string): Typed {
  const { scope } = resolver;
  const variable = scope.variable(name);
  if (variable) return variable;
  const rule = scope.rules.get(name);
  if (rule !== undefined) {
    scope.references.add(rule);
    return typedBoolean({ op: "rule", rule });
  }
  const external = scope.externals.get(name);
  if (external !== undefined) {
    if (scope.modules.has(name)) return resolver.giveUp(`a module and a variable of the name "${name}"`);
    scope.usedExternals.add(name);
    return { t: external, of: { op: "external", name } } as Typed;
  }
  if (scope.modules.has(name)) return resolveModule(resolver, name);
  if (readType(name)) return { t: "function", callable: { kind: "read", name } };
  if (scope.refused.has(name)) resolver.reject(`the rule "${name}" has a problem of its own`);
  resolver.reject(`the name "${name}" is not known`);
}

function resolveModule(resolver: ResolverContext, module: string): Typed {
  const schema = moduleSchema(module);
  if (!schema) return resolver.giveUp(`the module "${module}"`);
  return { t: "object", object: { module, schema, type: "", isIndexed: false, isNested: false, path: [] } };
}

/** `pe.sections`. */
export function resolveMember(
  resolver: ResolverContext,
  member: Extract<Expression, { op: "member" }>,
): Typed {
  const of = resolver.resolve(member.of);
  resolver.at = member.at;
  if (of.t === "unknown") return UNKNOWN;
  const { name } = member;
  if (of.t === "s") {
    // YARA-X has no methods of an indexed value.
    return member.of.op === "index"
      ? resolver.giveUp("a method of an index")
      : lengthFunction(resolver, of.of, name);
  }
  if (of.t !== "object") resolver.reject(`this is ${typeName(of)}, which has no member "${name}"`);
  const { object } = of;
  if (isCollection(object)) return lengthFunction(resolver, object, name);
  return memberOf(resolver, object, name);
}

function isCollection({ type }: ModuleObject): boolean {
  return type.startsWith("[]") || type.startsWith("{}");
}

function lengthFunction(resolver: ResolverContext, of: ModuleObject | TextNode, name: string): Typed {
  // Texts and collections may have more methods than this one.
  if (name !== "len") return resolver.giveUp(`the method "${name}"`);
  return { t: "function", callable: { kind: "length", of } };
}

function memberOf(resolver: ResolverContext, object: ModuleObject, name: string): Typed {
  const { module, schema, type } = object;
  if (type === "" && Object.hasOwn(schema.constants, name)) return typedConstant(schema.constants[name]!);
  const structure = schema.structures[type]!;
  if (Object.hasOwn(structure, name)) {
    const isFalse = type === "" && schema.falseWhereAbsent?.includes(name);
    return valueOfType(
      resolver,
      { ...object, type: structure[name]!, isNested: type !== "", path: [...object.path, name] },
      isFalse ? "zero" : "undefined",
    );
  }
  const prefix = `${type === "" ? "" : `${type}.`}${name}(`;
  if (Object.keys(schema.functions).some((signature) => signature.startsWith(prefix))) {
    return { t: "function", callable: { kind: "module", of: object, name } };
  }
  return resolver.giveUp(`the member "${name}" of the module "${module}"`);
}

/** A value of a type of the schema. */
function valueOfType(resolver: ResolverContext, object: ModuleObject, absent: AbsentValue): Typed {
  const { type, module, schema } = object;
  if (type !== "b" && type !== "i" && type !== "f" && type !== "s") return { t: "object", object };
  resolver.uncomputed.add(`the module "${module}"`);
  return moduleValue(type, moduleNode(object, schema.canBeAbsent ? absent : undefined));
}

function moduleNode(
  { module, slot, path }: ModuleObject,
  absent: AbsentValue | undefined,
  call?: string,
  args: readonly ArgumentNode[] = [],
): ModuleNode {
  return {
    op: "module",
    module,
    ...absent ? { absent } : {},
    ...slot !== undefined ? { slot } : {},
    path,
    ...call !== undefined ? { call } : {},
    ...args.length > 0 ? { args } : {},
  };
}

function moduleValue(type: "b" | "i" | "f" | "s", node: ModuleNode): Typed {
  return { t: type, of: node };
}

/** `pe.sections[0]`, `pe.version_info["key"]`. */
export function resolveIndex(
  resolver: ResolverContext,
  expression: Extract<Expression, { op: "index" }>,
): Typed {
  const of = resolver.resolve(expression.of);
  if (of.t !== "unknown" && (of.t !== "object" || !isCollection(of.object))) {
    resolver.reject(`this is ${typeName(of)}, should be an array or a map`);
  }
  const isMap = of.t === "object" && of.object.type.startsWith("{}");
  const { terms } = resolver;
  let step: ModuleStep = "";
  if (of.t === "unknown" || isMap) {
    const key = resolver.resolve(expression.index);
    if (isMap && key.t !== "s" && key.t !== "unknown") {
      resolver.reject(`this is ${typeName(key)}, should be a text`);
    }
    if (key.t === "s") step = { k: key.of };
  } else {
    step = { i: resolver.resolveInteger(expression.index) };
  }
  // Where the engine searches for patterns is then not known.
  if (resolver.terms !== terms) return resolver.giveUp("a pattern in an index");
  if (of.t === "unknown") return UNKNOWN;
  const object = (of as Extract<Typed, { t: "object" }>).object;
  return valueOfType(
    resolver,
    { ...object, type: object.type.slice(2), isIndexed: true, path: [...object.path, step] },
    "undefined",
  );
}

/** Returns the elements over which a loop goes; undefined: the type is not known. */
export function resolveElements(
  resolver: ResolverContext,
  expression: Expression,
): { readonly list: ModuleNode; readonly slot: number; readonly typed: readonly Typed[] } | undefined {
  const of = resolver.resolve(expression);
  if (of.t === "unknown") return undefined;
  if (of.t !== "object" || !isCollection(of.object)) {
    resolver.reject(`this is ${typeName(of)}, should be an array or a map`);
  }
  const { object } = of;
  const { module, type } = object;
  resolver.uncomputed.add(`the module "${module}"`);
  const slot = resolver.scope.nextSlot;
  const isMap = type.startsWith("{}");
  const item = { ...object, type: type.slice(2), isIndexed: true, path: [] };
  const element = valueOfType(resolver, { ...item, slot: isMap ? slot + 1 : slot }, "undefined");
  const key = moduleValue("s", moduleNode({ ...item, slot }, "undefined"));
  return {
    list: moduleNode(object, absentLength(object)),
    slot,
    typed: isMap ? [key, element] : [element],
  };
}

/** Calls of functions. */
export function resolveCall(resolver: ResolverContext, call: Extract<Expression, { op: "call" }>): Typed {
  const of = resolver.resolve(call.of);
  const { at } = resolver;
  const args = call.args.map((argument) => resolveArgument(resolver, argument));
  resolver.at = at;
  if (of.t === "unknown" || args.some(({ t }) => t === "unknown")) {
    return of.t === "unknown" || of.t === "function"
      ? UNKNOWN
      : resolver.reject(`this is ${typeName(of)}, should be a function`);
  }
  if (of.t !== "function") resolver.reject(`this is ${typeName(of)}, should be a function`);
  const { callable } = of;
  switch (callable.kind) {
    case "read":
      return callRead(resolver, callable.name, args);
    case "length":
      if (args.length > 0) resolver.reject(`the call has ${args.length} arguments, should have none`);
      return callLength(resolver, callable.of);
    case "module":
      return callModule(resolver, callable, args);
  }
}

/** In YARA-X `with` has the type of its body; here it is a condition. */
function resolveArgument(resolver: ResolverContext, argument: Expression): Typed {
  const typed = resolver.resolve(argument);
  return argument.op === "with" ? resolver.giveUp('a "with" as an argument') : typed;
}

function callRead(resolver: ResolverContext, name: string, args: readonly Typed[]): Typed {
  const [offset] = args;
  if (args.length !== 1 || offset?.t !== "i") resolver.reject(`"${name}" takes one integer`);
  const node = { op: "read" as const, name, at: offset.of };
  return readType(name) === "i" ? typedInteger(node) : typedFloat(node);
}

function callLength(resolver: ResolverContext, of: ModuleObject | TextNode): Typed {
  if ("op" in of) return typedInteger({ op: "text-length", of });
  resolver.uncomputed.add(`the module "${of.module}"`);
  return typedInteger(moduleNode(of, absentLength(of), "len"));
}

/** The length of a collection in a module without values. */
function absentLength({ schema, isIndexed, isNested }: ModuleObject): AbsentValue | undefined {
  if (!schema.canBeAbsent) return undefined;
  return isIndexed ? "undefined" : isNested ? undefined : "zero";
}

const LETTERS = { b: "b", i: "i", f: "f", s: "s", regexp: "r", object: "o", function: "o", unknown: "o" };

function callModule(
  resolver: ResolverContext,
  { of, name }: Extract<Callable, { kind: "module" }>,
  args: readonly Typed[],
): Typed {
  const { module, schema, type } = of;
  const call = `${name}(${args.map(({ t }) => LETTERS[t]).join("")})`;
  const signature = `${type === "" ? "" : `${type}.`}${call}`;
  if (!Object.hasOwn(schema.functions, signature)) {
    // There may be signatures that are not known here.
    return resolver.giveUp(`a call of "${module}.${name}" with unknown arguments`);
  }
  const { result, absent } = schema.functions[signature]!;
  const computed = callComputed(module, call, args);
  if (computed) {
    if (module === "hash") resolver.uncomputed.add('the module "hash"');
    return computed;
  }
  resolver.uncomputed.add(`the module "${module}"`);
  const whereAbsent = of.isIndexed ? "undefined" : absent;
  const absentValue = schema.canBeAbsent ? whereAbsent : undefined;
  return moduleValue(result, moduleNode(of, absentValue, signature, args.map(argumentOf)));
}

/** Functions take only regular expressions and scalars. */
function argumentOf(typed: Typed): ArgumentNode {
  if (typed.t === "regexp") return { t: "r", of: typed.regexp };
  return { t: typed.t, of: (typed as ValueNode).of } as ArgumentNode;
}

/** Functions that are computed here. */
function callComputed(module: string, call: string, args: readonly Typed[]): Typed | undefined {
  const values = args.filter(isScalar).map(({ t, of }) => ({ t, of }) as ValueNode);
  if (module === "math" && Object.hasOwn(MATH_FUNCTIONS, call)) {
    return { t: MATH_FUNCTIONS[call]!, of: { op: "math", name: call, args: values } } as Typed;
  }
  if (module === "hash" && /^(?:md5|sha1|sha256)\(ii\)$/.test(call)) {
    const [from, size] = values.map(({ of }) => of as IntegerNode);
    return typedText({ op: "digest", algorithm: call.slice(0, -4), from: from!, size: size! });
  }
  return undefined;
}
