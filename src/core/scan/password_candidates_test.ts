import assert from "node:assert/strict";
import { PasswordCandidates, passwordsIn } from "./password_candidates.ts";

const payload = (payloadId: string, ...parentIds: string[]) => ({ payloadId, parentIds });
const candidate = (value: string, origin = "text") => ({ value, origin });
const values = (list: readonly { readonly value: string }[]) => list.map(({ value }) => value);

Deno.test("candidates come from the user, the ancestors, the siblings, the rest", () => {
  const candidates = new PasswordCandidates(["user"]);
  const [mail, archive, note, inner, far] = [
    payload("mail"),
    payload("archive", "mail"),
    payload("note", "mail"),
    payload("inner", "archive"),
    payload("far"),
  ];
  for (const one of [mail, archive, note, inner, far]) candidates.addPayload(one);
  candidates.add(far, [candidate("far")]);
  candidates.add(note, [candidate("note")]);
  candidates.add(mail, [candidate("mail")]);
  assert.deepEqual(values(candidates.for(archive)), ["user", "mail", "note", "far"]);
  assert.deepEqual(values(candidates.for(inner)), ["user", "mail", "far", "note"]);
});

Deno.test("of equal candidates the nearest is shown, once", () => {
  const candidates = new PasswordCandidates();
  const parent = payload("parent");
  candidates.addPayload(parent);
  candidates.add(payload("elsewhere"), [candidate("same", "elsewhere")]);
  candidates.add(parent, [candidate("same", "parent")]);
  assert.deepEqual(candidates.for(payload("child", "parent")), [candidate("same", "parent")]);
});

Deno.test("a call is shown a hundred candidates, a request has a thousand", () => {
  const candidates = new PasswordCandidates();
  const many = Array.from({ length: 1_200 }, (_, number) => candidate(`${number}`));
  assert.equal(candidates.add(payload("a"), many), 200);
  assert.equal(candidates.for(payload("b")).length, 100);
});

Deno.test("a worker can't pass its candidate off as the user's", () => {
  const candidates = new PasswordCandidates();
  candidates.add(payload("a"), [candidate("x", "user")]);
  assert.deepEqual(candidates.for(payload("a")), [candidate("x", "unknown")]);
});

Deno.test("payloads that are each other's parents end the search", () => {
  const candidates = new PasswordCandidates();
  const [a, b] = [payload("a", "b"), payload("b", "a")];
  candidates.addPayload(a);
  candidates.addPayload(b);
  candidates.add(b, [candidate("x")]);
  assert.deepEqual(values(candidates.for(a)), ["x"]);
});

Deno.test("a request's metadata has one password or a list of them", () => {
  assert.deepEqual(passwordsIn("one"), ["one"]);
  assert.deepEqual(passwordsIn(["one", 2, "three"]), ["one", "three"]);
  assert.deepEqual(passwordsIn({ no: 1 }), []);
  assert.deepEqual(passwordsIn(undefined), []);
});
