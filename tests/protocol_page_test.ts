/**
 * Holds docs/runner_protocol.md to the protocol that is spoken.
 *
 * @module
 */

import assert from "node:assert/strict";
import { checkTypes } from "./type_check.ts";

const PAGE = Deno.readTextFileSync(new URL("../docs/runner_protocol.md", import.meta.url));
const PROTOCOL = new URL("../src/sandbox/protocol.ts", import.meta.url);

Deno.test("the page names the version that is spoken and the messages that there are, each with its fields", async () => {
  const [, version, greeted] = /about version (\d+)\.[^]*`stoq-runner (\d+)`/.exec(PAGE) ?? [];
  assert.ok(version !== undefined && version === greeted, "two versions");
  await checkTypes(`
import type { HostMessage, PROTOCOL_VERSION, RunnerMessage } from ${JSON.stringify(PROTOCOL.href)};
type Messages<M extends { readonly type: string }> = {
  [T in M["type"]]: Record<Exclude<keyof Extract<M, { readonly type: T }>, "type">, true>;
};
export const version: typeof PROTOCOL_VERSION = ${version};
export const host: Messages<HostMessage> = ${messagesBelow("From the host")};
export const runner: Messages<RunnerMessage> = ${messagesBelow("From the runner")};
`);
});

/** The table below a heading as the text of an object: message → field → true. */
function messagesBelow(heading: string): string {
  const section = PAGE.split("\n## ").find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const rows = [...section.matchAll(/^\| `([a-z-]+)` +\| ((?:`\w+`(?:, )?)+) +\|/gm)];
  return JSON.stringify(Object.fromEntries(
    rows.map(([, message, fields]) => [
      message,
      Object.fromEntries([...fields!.matchAll(/\w+/g)].map(([field]) => [field, true])),
    ]),
  ));
}
