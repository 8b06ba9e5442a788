import assert from "node:assert/strict";
import { buildTarball } from "./build_tarball.ts";
import { runStoq, TempFolder } from "./run_stoq.ts";

const LOCKED = new URL("cases/encrypted_zip_request_password/input.zip", import.meta.url).pathname;

/** A worker that takes each line of a text for a password, one round after the archive beside it was tried. */
const NOTES = {
  "plugins/notes/manifest.json": JSON.stringify({
    name: "notes",
    version: "1.0.0",
    description: "Reads passwords",
    roles: ["worker"],
    api: 2,
  }),
  "plugins/notes/mod.ts": `export default () => ({
    scan({ content }) {
      const text = new TextDecoder().decode(content);
      const lines = text.startsWith("password ") ? [text.trim().slice(9)] : [];
      return { passwords: lines.map((value) => ({ value, origin: "note" })) };
    },
  });`,
};

interface Result {
  readonly payload_meta: { readonly extra_data: { readonly filename: string } };
  readonly workers: { readonly decompress?: { readonly password?: unknown } };
  readonly explain: readonly { readonly plugin: string; readonly reason: string }[];
}

Deno.test("a password that another worker finds opens an archive that was tried before, and --explain says so", async () => {
  using folder = new TempFolder(NOTES);
  const archive = await buildTarball([
    { name: "locked.zip", content: await Deno.readFile(LOCKED) },
    { name: "note.txt", content: "password correct-horse\n" },
  ]);
  const { code, stdout } = await runStoq(
    ["scan", "--plugin-dir", folder.at("plugins"), "-a", "decompress", "notes", "--explain"],
    { stdin: archive },
  );
  assert.equal(code, 0);
  const { results, summary } = JSON.parse(stdout);
  const named = (name: string) =>
    (results as Result[]).find(({ payload_meta }) => payload_meta.extra_data.filename === name);
  const locked = named("locked.zip")!;
  assert.deepEqual(locked.workers.decompress?.password, { value: "correct-horse", origin: "note" });
  assert.ok(named("secret.txt"));
  const { reason } = locked.explain.find(({ plugin }) => plugin === "decompress")!;
  assert.equal(reason, "always_dispatch; called 2 times: new password candidates");
  const codes = summary.blind_spots.map(({ code }: { code: string }) => code);
  assert.deepEqual(codes, ["types-unknown"]);
});
