import { deepEqual } from "node:assert/strict";
import { OPTION_ENTRIES } from "../config/option_table.ts";
import { snakeCase } from "../plugin/option_name.ts";
import { BLIND_SPOT_DOCS, ERROR_DOCS } from "./code_docs.ts";

/** Errors that no response has. */
const WITHOUT_A_RESPONSE = ["closed"];

Deno.test("every code of an error that a response may have is explained", async () => {
  const sources = await Promise.all(
    ["errors.ts", "limit_errors.ts"].map((name) =>
      Deno.readTextFile(new URL(`../core/contract/${name}`, import.meta.url))
    ),
  );
  const codes = sources.flatMap((source) =>
    [...source.matchAll(/new StoqError\(\s*"([a-z-]+)"/g)].map(([, code]) => code!)
  );
  const missing = codes.filter((code) =>
    !Object.hasOwn(ERROR_DOCS, code) && !WITHOUT_A_RESPONSE.includes(code)
  );
  deepEqual(missing, []);
});

Deno.test("every blind spot that has a name in the contract is explained", async () => {
  const source = await Deno.readTextFile(new URL("../core/contract/blind_spots.ts", import.meta.url));
  const codes = [...source.matchAll(/^export const [A-Z_]+ = "([a-z-]+)"/gm)].map(([, code]) => code!);
  deepEqual(codes.filter((code) => !Object.hasOwn(BLIND_SPOT_DOCS, code)), []);
});

Deno.test("codes are sorted, so that a missing one is easy to see", () => {
  for (const docs of [BLIND_SPOT_DOCS, ERROR_DOCS]) {
    deepEqual(Object.keys(docs), Object.keys(docs).toSorted());
  }
});

Deno.test("explanations name options and flags that exist", () => {
  const texts = [...Object.values(BLIND_SPOT_DOCS), ...Object.values(ERROR_DOCS)].join("\n");
  const options = OPTION_ENTRIES.map(([key, { section }]) => `[${section}] ${snakeCase(key)}`);
  const flags = OPTION_ENTRIES.flatMap(([, { flag }]) => flag ? [`--${flag.long}`] : []);
  const named = texts.match(/\[\w+\] \w+|--[a-z-]+/g) ?? [];
  deepEqual(named.filter((name) => ![...options, ...flags].includes(name)), []);
});
