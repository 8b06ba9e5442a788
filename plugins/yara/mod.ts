/**
 * Worker and dispatcher: YARA rules.
 *
 * As a worker it reports which rules of `worker_rules` match. Results, always present:
 * `{"matches": [{"tags": [], "namespace": "default", "rule": "x", "meta": {}, "strings": [[offset, "$a", bytes]]}]}`,
 * matches in the order of the rules, strings by pattern in the rule's order, then by offset. A string longer than
 * `matched_bytes_limit` is cut, and its length follows as a fourth element. Behind `strings`, where there is something to
 * say: `strings_left_out` counts those over a limit; `xor_keys` has the key of each string of an `xor` pattern, null for
 * the others; `contexts` has `[offset, bytes]` for each string when `context_bytes` is set; `meta_list` has all metadata
 * in order when the rule repeats a name. Behind `matches`: `rules_left_out` counts rules with errors, and
 * `rule_files_left_out` files that can't be used, `slow_rules` rules that took more than their quota (100 ms, or 2 s with
 * yara-x), which the log names once; with `profile = true`
 * `profile` has the slowest 100 rules as `{"rule", "namespace", "spent_us", "asked_yara_x"}`. Each match is also a finding, see
 * {@linkcode findingOf}.
 *
 * As a dispatcher it reads the metadata of the rules of `dispatch_rules` that match. `plugin` names workers, separated
 * by commas; each is shown the match as `dispatchMeta.yara[name]`. `save = "false"` keeps archivers away from the
 * payload. `xor_plaintext_for_string_<id>` is the plain text of `$<id>`, from which the key for `xordecode` is
 * computed: `xorkey` is its decimal bytes separated by commas, or with `xor_first_match = false` `xor_info` has all
 * keys as `[offset, "$<id>", [bytes]]`.
 *
 * Rule files may be files or folders (all `*.yar` and `*.yara`, sorted). All rules are in the namespace `default`, or with
 * `namespace = file` those of each file that is named in one of the file's name. `include` is relative to the file that
 * says it, and a file is read once however often it is included. A rule with an error is left out, the others stay; the error
 * `yara-rule-refused` of each payload that was delivered names the first 20 of them with file, line and reason.
 * Files that change are read again with the next payload, at most every two seconds. The external variables `filename`,
 * `filepath`, `extension` (lower case, with its dot), `filetype` (Loki's words: EXE, PDF, …) and `owner` are always
 * defined, more with `externals`.
 *
 * Engines. With `auto` our own core (`wasm/core`) finds strings and decides where it is exact; yara-x is asked about rules
 * that may match and that the core can't decide: what it can't compute of modules, and regular expressions that yara-x
 * matches in ways of its own. Its verdict is that of `yara-x`, which
 * decides alone with `engine = yara-x`. `libyara` is classic YARA 4.2. Compiled rules of `auto` and `yara-x` are kept in
 * `STOQ_HOME/cache/yara`, for the user alone.
 *
 * Limits: 10,000 hits of one pattern; 1,000 strings of a match unless `strings_limit` says otherwise, 20,000 of all
 * matches; about 3,200 rules of which yara-x is asked for one payload, 400 at a time, more are the error
 * `yara-rules-unsettled`; 16 levels of includes, 20,000 files and 100 MB of rules. An integer in metadata that JavaScript
 * can't hold is reported as a string of its digits, a text that is no UTF-8 as bytes. With `engine = libyara` the rules are compiled again for every
 * payload, a rule file with an error is left out as a whole, and there are no namespaces and profiles.
 *
 * The language: https://yara.readthedocs.io/en/v4.5.0/writingrules.html and https://virustotal.github.io/yara-x/docs/
 *
 * @module
 */

import { definePlugin, type PayloadView, type PlainRecord } from "../../src/plugin/define.ts";
import { dispatch } from "./dispatch.ts";
import type { EngineName, RuleTime } from "./engine.ts";
import { openEngine } from "./open_engine.ts";
import { defaultExternals, payloadExternals } from "./externals.ts";
import { findingOf } from "./match_finding.ts";
import { DEFAULT_STRINGS_LIMIT, MatchWriter } from "./match_record.ts";
import { RuleCache } from "./rule_cache.ts";
import { RuleSet } from "./rule_set.ts";
import { RuleFiles, type RuleSource, shippedRules } from "./rule_source.ts";
import type { RuleOption } from "./shipped_rules.ts";

export type { EngineName } from "./engine.ts";

/** Where compiled rules are kept, below STOQ_HOME; the manifest asks for it. */
const CACHE_FOLDER = "cache/yara";

/** How long a rule took, in microseconds, as it is reported. */
function profileRecord({ rule, namespace, spentMs, isAsked }: RuleTime): PlainRecord {
  return { rule, namespace, spent_us: Math.round(spentMs * 1000), asked_yara_x: isAsked };
}

/** The plugin's options, as its manifest declares them. */
export interface YaraOptions {
  /** Files and folders of the worker's rules; the shipped ones when unset. */
  readonly workerRules?: readonly string[];
  /** Files and folders of the dispatcher's rules; the shipped ones when unset. */
  readonly dispatchRules?: readonly string[];
  /** The engine of both roles. */
  readonly engine: EngineName;
  /** Most strings of one match. */
  readonly stringsLimit?: number;
  /** Most bytes of one string. */
  readonly matchedBytesLimit: number;
  /** Bytes before and behind each string. */
  readonly contextBytes: number;
  /** One XOR key instead of all. */
  readonly xorFirstMatch: boolean;
  /** Whether compiled rules of the user's are kept in STOQ_HOME. */
  readonly cache: boolean;
  /** Whether all rules share a namespace, or each file has its own. */
  readonly namespace: "default" | "file";
  /** Whether results say how long rules took. */
  readonly profile: boolean;
  /** Further external variables: name → string, number or boolean. */
  readonly externals?: unknown;
}

/** The plugin; a rule path that can't be used and externals that YARA could not take fail here. */
export default definePlugin<YaraOptions>(async (options, context) => {
  const { log, stoqHome } = context;
  const engineSettings = { hasNamespaceByFile: options.namespace === "file", isProfiling: options.profile };
  const cache = options.cache ? new RuleCache(`${stoqHome}/${CACHE_FOLDER}`, log) : undefined;
  const engine = await openEngine(options.engine, engineSettings);
  const setup = { externals: defaultExternals(options.externals), log, engine, cache };
  const ruleSet = (option: RuleOption, paths: readonly string[] | undefined) =>
    new RuleSet({ ...setup, option, source: sourceOf(option, paths) });
  const worker = ruleSet("worker_rules", options.workerRules);
  const dispatcher = ruleSet("dispatch_rules", options.dispatchRules);
  // A path that can't be used is an error now, whether or not its role is called.
  await Promise.all([worker.open(), dispatcher.open()]);
  const stringsLimit = options.stringsLimit ?? DEFAULT_STRINGS_LIMIT;
  const { matchedBytesLimit, contextBytes } = options;
  const limits = { stringsLimit, matchedBytesLimit, contextBytes };
  const settings = { xorFirstMatch: options.xorFirstMatch, keysLimit: stringsLimit };

  return {
    async scan(payload) {
      const answer = await worker.scan(payload.content, payloadExternals(payload), isRoot(payload));
      const { matches, filesLeftOut, rulesLeftOut, slowRules = 0, profile, errors } = answer;
      const writer = new MatchWriter(payload.content, limits);
      const results = {
        matches: matches.map((match) => writer.write(match)),
        ...(filesLeftOut > 0 && { rule_files_left_out: filesLeftOut }),
        ...(rulesLeftOut > 0 && { rules_left_out: rulesLeftOut }),
        ...(slowRules > 0 && { slow_rules: slowRules }),
        ...(profile && { profile: profile.map(profileRecord) }),
      };
      return { results, errors, findings: matches.map(findingOf) };
    },

    async getDispatches(payload) {
      // A dispatcher may be asked again about a payload, once workers have found something.
      const isFirstAsk = isRoot(payload) && Object.keys(payload.results.workers).length === 0;
      const { matches, errors } = await dispatcher.scan(
        payload.content,
        payloadExternals(payload),
        isFirstAsk,
      );
      const answer = dispatch(matches, new MatchWriter(payload.content, limits), settings);
      // Of all that rules can ask about, the file type alone depends on what other plugins have found by then.
      const isFinal = !(await dispatcher.asksFor("filetype"));
      return { ...answer, isFinal, errors: [...errors, ...answer.errors] };
    },
    async check() {
      const [ofWorker, ofDispatcher] = await Promise.all([worker.check(), dispatcher.check()]);
      return {
        // The first of each says how many rules there are, the others more about them.
        facts: [
          ...ofWorker.facts.slice(0, 1),
          ...ofDispatcher.facts.slice(0, 1),
          ...ofWorker.facts.slice(1),
          ...ofDispatcher.facts.slice(1),
        ],
        errors: [...ofWorker.errors, ...ofDispatcher.errors],
      };
    },
  };
});

/** Whether a payload was delivered, not extracted. Problems of rules are reported for such payloads only. */
function isRoot({ extractedFrom }: PayloadView): boolean {
  return extractedFrom.length === 0;
}

function sourceOf(option: RuleOption, paths: readonly string[] | undefined): RuleSource {
  return paths === undefined ? shippedRules(option) : new RuleFiles(option, paths);
}
