import assert from "node:assert/strict";
import {
  askedGrant,
  covers,
  isNothing,
  isWithin,
  limitGrant,
  permissionFlags,
  ruledRequest,
  sumOf,
  workerPermissions,
} from "./grant.ts";

const resolve = (path: string) => path.replaceAll(/\/[^/]+\/\.\.(?=\/|$)/g, "");

Deno.test("a placeholder with a condition stands for nothing where the other option is not set", () => {
  const request = { write: ["${cache_dir?rules}/x"] };
  const resolve = (path: string) => path;
  assert.deepEqual(askedGrant(request, { cacheDir: "/c" }, resolve), {});
  assert.deepEqual(askedGrant(request, { cacheDir: "/c", rules: [] }, resolve), {});
  assert.deepEqual(askedGrant(request, { rules: ["/r"] }, resolve), {});
  assert.deepEqual(askedGrant(request, { cacheDir: "/c", rules: ["/r"] }, resolve), { write: ["/c/x"] });
});

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

Deno.test("a host covers all its ports, a port only itself, a name only itself", () => {
  assert.ok(covers("net", "host", "host:25"));
  assert.ok(covers("net", "host:443", "https://HOST/path"));
  assert.ok(covers("net", "[::1]", "[::1]:80"));
  assert.ok(!covers("net", "host:25", "host"));
  assert.ok(!covers("net", "host:25", "host:250"));
  assert.ok(!covers("net", "ost", "host"));
  assert.ok(!covers("env", "TOKEN", "TOKEN_2"));
  assert.ok(covers("write", "/out", "/out/x"));
  assert.ok(!covers("write", "/out", "/output"));
});

Deno.test("an address gives the port that it means", () => {
  const request = { net: ["https://Intel.example/v1", "ws://a", "Host:25", "redis://cache:6379/0"] };
  assert.deepEqual(askedGrant(request, {}, resolve), {
    net: ["a:80", "cache:6379", "host:25", "intel.example:443"],
  });
});

Deno.test("rules replace, add to or refuse what is asked, and leave what they don't name", () => {
  const request = { read: ["/a"], net: ["h"], env: ["X"], sys: ["uid"] };
  const rule = (keepsAsked: boolean, ...resources: string[]) => ({ keepsAsked, resources, where: "here" });
  const grants = {
    read: rule(true, "/b"),
    net: rule(false, "h:443"),
    env: rule(false),
    write: rule(false, "/w"),
  };
  assert.deepEqual(sumOf(ruledRequest(request, { grants })), {
    read: ["/a", "/b"],
    net: ["h:443"],
    sys: ["uid"],
    write: ["/w"],
  });
  assert.equal(ruledRequest(request, undefined), request);
});

Deno.test("what is not exact or not held is withheld, with the reason", () => {
  const grant = { net: ["*.example.com", "h:1", "h:2"], env: ["*", "A"], read: ["/a,b"], run: ["sh"] };
  const { grant: kept, withheld } = limitGrant(
    grant,
    (_, resource) => resource === "h:1" || resource === "A",
  );
  assert.deepEqual(kept, { net: ["h:1"], env: ["A"] });
  assert.deepEqual(
    withheld.map(({ permission, resource }) => [permission, resource]),
    [["net", "*.example.com"], ["net", "h:2"], ["read", "/a,b"], ["env", "*"], ["run", "sh"]],
  );
  assert.equal(
    withheld[2]?.reason,
    "stoQ itself does not have this permission, start Deno with --allow-read=/a,,b",
  );
});
