import assert from "node:assert/strict";
import { hasProcFolder, isRunning, until } from "./processes.ts";
import { TempFolder } from "./run_stoq.ts";

// What the sandbox is built on. A Deno in which one of these fails asks for another look at src/sandbox.

const FLAGS = ["--quiet", "--no-prompt", "--no-config", "--no-lock", "--unstable-worker-options"];

/** What a program prints that Deno runs with these flags, and what on standard error. */
async function run(program: string, flags: readonly string[] = [], env: Record<string, string> = {}) {
  using folder = new TempFolder({ "main.ts": program, "secret.txt": "secret" });
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      ...FLAGS,
      ...flags.map((flag) => flag.replace("FOLDER", folder.path)),
      folder.at("main.ts"),
    ],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout).trim(), stderr: decoder.decode(stderr) };
}

/** A program that starts a thread with these permissions and code, and prints what it posts or how it fails. */
const threaded = (code: string, permissions: unknown = "none") => `
  const code = ${JSON.stringify(code)}.replaceAll("FOLDER", import.meta.dirname);
  const worker = new Worker("data:text/javascript," + encodeURIComponent(code), {
    type: "module",
    deno: { permissions: JSON.parse(${
  JSON.stringify(JSON.stringify(permissions))
}.replaceAll("FOLDER", import.meta.dirname)) },
  });
  const report = (text) => { console.log(text); Deno.exit(); };
  worker.onmessage = ({ data }) => report(data);
  worker.onerror = (event) => { event.preventDefault(); report(event.message); };
`;

const READ = ["--allow-read=FOLDER"];
const SECRET = 'import("file://FOLDER/secret.txt", { with: { type: "text" } })';

Deno.test("a thread's literal imports are loaded with the permissions of the process, computed ones with its own", async () => {
  const literal = 'import text from "file://FOLDER/secret.txt" with { type: "text" }; postMessage(text);';
  assert.equal((await run(threaded(literal), READ)).stdout, "secret");
  const computed = `const { default: text } = await ${
    SECRET.replace("FOLDER", 'FOLDER" + "')
  }; postMessage(text);`;
  assert.match((await run(threaded(computed), READ)).stdout, /[Rr]equires read access/);
  assert.equal((await run(threaded(computed, { read: ["FOLDER"] }), READ)).stdout, "secret");
  assert.match((await run(threaded(literal))).stdout, /[Rr]equires read access/);
});

Deno.test("a thread can be started with no more than the process has", async () => {
  const { code, stderr } = await run(threaded("postMessage(1);", { read: ["FOLDER"] }));
  assert.notEqual(code, 0);
  assert.match(stderr, /escalate|NotCapable/);
});

Deno.test("a thread can't regain a permission that it has revoked, nor can threads that it starts", async () => {
  const code = `
    const read = () => { try { return Deno.readTextFileSync("FOLDER/secret.txt"); } catch { return "refused"; } };
    const before = read();
    Deno.permissions.revokeSync({ name: "read", path: "FOLDER" });
    const { state } = await Deno.permissions.request({ name: "read", path: "FOLDER" });
    const inner = new Worker("data:text/javascript," + encodeURIComponent(
      'try { postMessage(Deno.readTextFileSync("FOLDER/secret.txt")) } catch { postMessage("refused") }',
    ), { type: "module" });
    inner.onmessage = ({ data }) => postMessage([before, read(), state, data].join());
  `;
  const { stdout } = await run(threaded(code, { read: ["FOLDER"] }), READ);
  assert.equal(stdout, "secret,refused,denied,refused");
});

Deno.test("a computed import of a package that is not cached is refused under --cached-only", async () => {
  const code = `
    const name = "npm:" + "@stoq-test/is-not-there@1.0.0";
    await import(name).catch((error) => postMessage(String(error)));
  `;
  assert.match((await run(threaded(code), ["--cached-only"])).stdout, /--cached-only is specified/);
});

Deno.test("a thread without permissions loads code from data, and from hosts that Deno trusts it does not", async () => {
  const code = `
    const { a } = await import("data:text/javascript,export const a = 1");
    await import("https://esm.sh/" + "x").catch((error) => postMessage(a + String(error)));
  `;
  assert.match((await run(threaded(code), ["--cached-only"])).stdout, /^1.*(?:import access|NotCapable)/);
});

Deno.test({
  name: "attempts on permissions are reported on /dev/stderr, those of threads as well",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const code = 'try { Deno.readTextFileSync("/etc/passwd") } catch { postMessage(1) }';
    const { stderr } = await run(threaded(code), [], { DENO_AUDIT_PERMISSIONS: "/dev/stderr" });
    const attempts = stderr.trim().split("\n").map((line) => JSON.parse(line));
    assert.ok(
      attempts.some(({ v, permission, value }) =>
        v === 1 && permission === "read" && value === "/etc/passwd"
      ),
    );
    assert.ok(stderr.startsWith('{"v":1,"datetime":'));
  },
});

/** A process whose thread loops, once it does; it reads its standard input to the end. */
async function looping(end: string): Promise<Deno.ChildProcess> {
  using folder = new TempFolder({
    "main.ts": `
      const worker = new Worker("data:text/javascript,postMessage(1); for (;;);", { type: "module" });
      await new Promise((resolve) => worker.onmessage = resolve);
      console.log("loops");
      for await (const _ of Deno.stdin.readable);
      ${end}
    `,
  });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...FLAGS, folder.at("main.ts")],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "loops\n");
  await reader.cancel();
  return child;
}

Deno.test("the end of standard input reaches a process whose thread loops, and Deno.exit ends it", async () => {
  const child = await looping("Deno.exit(7);");
  await child.stdin.close();
  assert.equal((await child.status).code, 7);
});

Deno.test({
  name: "a thread that loops is not ended by terminate(), so that a deadline takes a process to kill",
  ignore: !hasProcFolder,
  fn: async () => {
    const child = await looping("worker.terminate();");
    await child.stdin.close();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.ok(isRunning(child.pid));
    child.kill("SIGKILL");
    await child.status;
    await until("it is gone", () => !isRunning(child.pid));
  },
});

Deno.test("a thread without permissions can read its process's standard input and write to both outputs", async () => {
  const code = `
    Deno.stdout.writeSync(new TextEncoder().encode("out "));
    Deno.stderr.writeSync(new TextEncoder().encode("err"));
    postMessage(String(Deno.stdin.readSync(new Uint8Array(1))));
  `;
  const { stdout, stderr } = await run(threaded(code));
  assert.deepEqual([stdout, stderr], ["out null", "err"]);
});
