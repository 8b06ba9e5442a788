/**
 * A program that a stoQ takes for its runner, and that says what no runner would: for tests of what the host believes.
 *
 * @module
 */

/**
 * Text of an executable that serves as `runnerPath`.
 *
 * @param says body of a function of `content` (text of the payload), `id` of the call, `send(message, body)`,
 *   `frame(message, body)` (a frame's bytes) and `write(bytes)`; what it does not answer is answered `{"results":"works"}`
 */
export function fakeRunner(says: string): string {
  return `#!/usr/bin/env -S ${Deno.execPath()} run --quiet --no-config --allow-all --ext=js
const encoder = new TextEncoder(), decoder = new TextDecoder();
async function take(length) {
  const all = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await Deno.stdin.read(all.subarray(at));
    if (count === null) Deno.exit(0);
    at += count;
  }
  return all;
}
let greeting = "";
while (!greeting.endsWith("\\n")) greeting += decoder.decode(await take(1));
const version = Number(greeting.split(" ")[1]);
const secret = await take(16);
function frame(message, body = "") {
  const json = typeof message === "string" ? encoder.encode(message) : encoder.encode(JSON.stringify(message));
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  const lengths = new Uint8Array(new Uint32Array([json.length, bytes.length]).buffer);
  return new Uint8Array([...secret, ...lengths, ...json, ...bytes, ...secret]);
}
function write(bytes) {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
function send(message, body) {
  write(frame(message, body));
}
function says(content, id) { ${says} }
send({ type: "hello", version });
let plugin = "";
for (;;) {
  await take(16);
  const [jsonBytes, bodyBytes] = new Uint32Array((await take(8)).buffer);
  const message = JSON.parse(decoder.decode(await take(jsonBytes)));
  const content = decoder.decode(await take(bodyBytes));
  await take(16);
  if (message.type === "open") plugin = message.plugin;
  if (message.type === "open") send({ type: "opened", plugin });
  if (message.type !== "call") continue;
  says(content, message.id);
  Deno.stderr.writeSync(encoder.encode("\\n" + secret.toHex() + " " + message.id + "\\n"));
  send({ type: "answer", id: message.id, durationMs: 1 }, '{"results":"works"}');
}
`;
}
