import assert from "node:assert/strict";
import { askedGrant, isNothing, isWithin, permissionFlags, sumOf, workerPermissions } from "./grant.ts";

const resolve = (path: string) => path.replaceAll(/\/[^/]+\/\.\.(?=\/|$)/g, "");

Deno.test("placeholders stand for values: a list for several, an option that is not set for none", () => {
  const request = {
    read: ["${rules}", "${template}/..", "/fixed", "${unset}/x"],
    net: ["${api}", "host:25"],
    env: ["TOKEN"],
  };
  const options = {
    rules: ["/a", "/b"],
    template: "/t/x.j2",
    api: "https://intel.example:8443/v1",
    unset: undefined,
  };
  assert.deepEqual(askedGrant(request, options, resolve), {
    read: ["/a", "/b", "/fixed", "/t"],
    net: ["host:25", "intel.example:8443"],
    env: ["TOKEN"],
  });
});

Deno.test("a grant of entries that are all unset is no grant", () => {
  const grant = askedGrant({ read: ["${rules}"], write: [] }, { rules: "" }, resolve);
  assert.ok(isNothing(grant));
  assert.equal(workerPermissions(grant), "none");
});

Deno.test("grants add up, and become flags that keep commas in names", () => {
  const sum = sumOf({ read: ["/b", "/a,c"] }, { read: ["/b"], env: ["X"] });
  assert.deepEqual(sum, { read: ["/a,c", "/b"], env: ["X"] });
  assert.deepEqual(permissionFlags(sum), ["--allow-read=/a,,c,/b", "--allow-env=X"]);
});

Deno.test("a folder whose name only begins alike is another one", () => {
  assert.ok(isWithin("/a/b", "/a/b"));
  assert.ok(isWithin("/a/b/c", "/a/b"));
  assert.ok(isWithin("/a", "/"));
  assert.ok(!isWithin("/a/bc", "/a/b"));
  assert.ok(isWithin("C:\\a\\b", "C:\\a"));
});
