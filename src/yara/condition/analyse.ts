/**
 * Resolves the conditions of many rules, and classifies rules by what can be decided without the engine.
 *
 * @module
 */

import type { RuleSyntax } from "../syntax.ts";
import { necessaryPatterns } from "./necessary.ts";
import { Rejection } from "./rejection.ts";
import { Resolver } from "./resolver.ts";
import type { RegexpKnowledge } from "./resolver_context.ts";
import { Scope } from "./scope.ts";
import { hasSearchHazard } from "./search_hazard.ts";
import type { BooleanNode, ScalarType } from "./tree.ts";

/** A rule and where it is. */
export interface RuleInput {
  readonly rule: RuleSyntax;
  /** A rule sees the earlier rules of its namespace alone. */
  readonly namespace: string;
  /** Names of the modules that are imported at the place of the rule. */
  readonly modules: ReadonlySet<string>;
}

/** Settings of all rules. Without `checkRegexp`, rules with regular expressions in conditions are opaque. */
export interface AnalysisSettings extends RegexpKnowledge {
  /** External variables: boolean, integer, float or text. */
  readonly externals: Readonly<Record<string, ScalarType>>;
  /** How often a pattern is found by chance, in any unit; default: all alike. */
  readonly costOf?: (rule: number, pattern: number) => number;
}

/**
 * What can be decided about a rule whose patterns are known: everything, only that it does not match, or nothing.
 */
export type RuleClass = "exact" | "filtered" | "opaque";

/** An analysed rule; plain data for JSON. */
export interface AnalysedRule {
  /** Why YARA-X would refuse the rule; then all other properties are absent. */
  readonly problem?: ConditionProblem;
  readonly class: RuleClass;
  /** Why the rule isn't exact. */
  readonly reason?: string;
  /** What must hold; absent where the class is `opaque`. */
  readonly condition?: BooleanNode;
  /** Indices of earlier rules that it refers to. */
  readonly references: readonly number[];
  /** External variables that it reads. */
  readonly externals: readonly string[];
  /** At least one of these patterns must match; absent: the condition must always be evaluated. */
  readonly needsMatch?: readonly number[];
  /** For each pattern how the condition uses it: bits `USES_EXISTENCE`, `USES_OFFSETS` and `USES_LENGTHS`. */
  readonly uses: readonly number[];
  /** Patterns that are used only at one constant offset, with the offset. */
  readonly anchors: readonly (readonly [pattern: number, offset: number])[];
}

/** Why YARA-X would refuse a rule. */
export interface ConditionProblem {
  /** A phrase that names the fault. */
  readonly message: string;
  /** Offset into the text in UTF-16 units, roughly. */
  readonly at: number;
}

/** Analyses rules in the order in which they are compiled; the results are in the same order. */
export function analyseRules(inputs: readonly RuleInput[], settings: AnalysisSettings): AnalysedRule[] {
  const analyser = new RuleAnalyser(settings);
  const analysed = inputs.map((input) => analyser.add(input));
  return analysed.map((rule, index) => analyser.underGlobals(rule, inputs[index]!.namespace));
}

interface Namespace {
  readonly rules: Map<string, number>;
  /** Names of rules that have problems. */
  readonly refused: Set<string>;
  /** A global rule that isn't exact. */
  inexactGlobal?: string;
}

/** The settings, and the rules before. */
interface Surroundings {
  readonly settings: AnalysisSettings;
  readonly externals: ReadonlyMap<string, ScalarType>;
  readonly namespaces: Map<string, Namespace>;
  readonly classes: RuleClass[];
}

/** Analyses rules one after the other, and keeps only their names and classes. */
export class RuleAnalyser {
  readonly #surroundings: Surroundings;

  constructor(settings: AnalysisSettings) {
    const externals = new Map(Object.entries(settings.externals));
    this.#surroundings = { settings, externals, namespaces: new Map(), classes: [] };
  }

  /** Analyses the next rule. The effect of global rules is known when all rules have been added. */
  add(input: RuleInput): AnalysedRule {
    const { namespaces, classes } = this.#surroundings;
    let namespace = namespaces.get(input.namespace);
    if (!namespace) namespaces.set(input.namespace, namespace = { rules: new Map(), refused: new Set() });
    const rule = analyseOrRefuse(input, namespace, this.#surroundings);
    if (rule.problem) namespace.refused.add(input.rule.name);
    else namespace.rules.set(input.rule.name, classes.length);
    if (!rule.problem && input.rule.isGlobal && rule.class !== "exact") {
      namespace.inexactGlobal ??= input.rule.name;
    }
    classes.push(rule.class);
    return rule;
  }

  /** Returns a rule with the effect of its namespace's global rules, when all rules have been added. */
  underGlobals<Rule extends Pick<AnalysedRule, "class" | "reason">>(rule: Rule, namespace: string): Rule {
    const inexact = this.#surroundings.namespaces.get(namespace)?.inexactGlobal;
    if (inexact === undefined || rule.class !== "exact") return rule;
    return { ...rule, class: "filtered", reason: `the global rule "${inexact}" is not exact` };
  }
}

function analyseOrRefuse(
  input: RuleInput,
  namespace: Namespace,
  surroundings: Surroundings,
): AnalysedRule {
  try {
    return analyse(input, namespace, surroundings);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    const problem = { message: error.message, at: error.at };
    return {
      problem,
      class: "opaque",
      reason: error.message,
      references: [],
      externals: [],
      uses: [],
      anchors: [],
    };
  }
}

function analyse(
  { rule, modules }: RuleInput,
  namespace: Namespace,
  { settings, externals, classes }: Surroundings,
): AnalysedRule {
  checkName(rule, namespace, modules, externals);
  const scope = new Scope(rule.patterns, namespace.rules, externals, modules, namespace.refused);
  if (scope.duplicate) {
    throw new Rejection(`the pattern "${scope.duplicate.identifier}" exists already`, scope.duplicate.at);
  }
  const resolver = new Resolver(scope, rule.start, settings);
  const condition = resolver.resolveCondition(rule.condition);
  checkAllUsed(rule, scope);
  const found = {
    references: [...scope.references],
    externals: [...scope.usedExternals],
    uses: scope.uses,
    anchors: scope.singleOffsets(),
  };
  const opaqueReason = resolver.opaqueReason ??
    (hasSearchHazard(condition) ? "terms for which YARA-X may skip the search for patterns" : undefined);
  if (opaqueReason !== undefined) return { class: "opaque", reason: opaqueReason, ...found };
  const cost = settings.costOf;
  const needsMatch = necessaryPatterns(
    condition,
    cost ? (pattern) => cost(classes.length, pattern) : () => 1,
  );
  const rest = { condition, ...found, ...needsMatch ? { needsMatch } : {} };
  const reason = reasonOf(resolver, scope, classes);
  return reason === undefined ? { class: "exact", ...rest } : { class: "filtered", reason, ...rest };
}

function reasonOf(resolver: Resolver, scope: Scope, classes: readonly RuleClass[]): string | undefined {
  const [uncomputed] = resolver.uncomputed;
  if (uncomputed !== undefined) return uncomputed;
  for (const reference of scope.references) {
    if (classes[reference] !== "exact") return "a reference to a rule that is not exact";
  }
  return undefined;
}

function checkName(
  { name, start, tags }: RuleSyntax,
  namespace: Namespace,
  modules: ReadonlySet<string>,
  externals: ReadonlyMap<string, ScalarType>,
): void {
  if (namespace.rules.has(name)) throw new Rejection(`the rule "${name}" exists already`, start);
  if (externals.has(name)) {
    throw new Rejection(`the rule "${name}" has the name of an external variable`, start);
  }
  if (modules.has(name)) throw new Rejection(`the rule "${name}" has the name of a module`, start);
  if (tags.length > 1 && new Set(tags).size < tags.length) {
    throw new Rejection(`the rule "${name}" has a tag twice`, start);
  }
}

function checkAllUsed({ patterns }: RuleSyntax, scope: Scope): void {
  patterns.forEach(({ identifier, at }, i) => {
    if (scope.uses[i] === 0 && !identifier.startsWith("$_")) {
      throw new Rejection(`the pattern "${identifier}" is not used`, at);
    }
  });
}
