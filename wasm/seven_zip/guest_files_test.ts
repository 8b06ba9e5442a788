import assert from "node:assert/strict";
import { ERRNO, MODE, OPEN, SEEK } from "./abi.ts";
import { GuestFiles, INPUT_PATH, OUTPUT_PATH, type RunSink } from "./guest_files.ts";
import { text, utf8 } from "./testing/archives.ts";

function guest(input: Uint8Array = utf8("0123456789")) {
  const events: string[] = [];
  const sink: RunSink = {
    createFile(path) {
      events.push(`create ${text(path)}`);
      return {
        write: (chunk) => void events.push(`write ${text(chunk)}`),
        close: () => void events.push("close"),
      };
    },
    removeFile: (path) => void events.push(`remove ${text(path)}`),
    createLink: (path, target) => void events.push(`link ${text(path)} to ${text(target)}`),
    print: (stream, chunk) => void events.push(`${stream} ${text(chunk)}`),
  };
  return { files: new GuestFiles(input, sink), events };
}

const output = (name: string) => utf8(`${OUTPUT_PATH}/${name}`);

Deno.test("the input is there to read and to seek in, and nothing else is", () => {
  const { files } = guest();
  const input = files.open(utf8(INPUT_PATH), 0);
  const target = new Uint8Array(4);
  assert.deepEqual([files.read(input, target), text(target)], [4, "0123"]);
  assert.equal(files.seek(input, -3, SEEK.end), 7);
  assert.deepEqual([files.read(input, target), text(target)], [3, "7893"]);
  assert.equal(files.seek(input, 5, SEEK.current), 15);
  assert.equal(files.read(input, target), 0);
  assert.equal(files.seek(input, -1, SEEK.start), -ERRNO.invalid);
  assert.deepEqual(files.statusOf(input), { mode: MODE.file, sizeBytes: 10 });
  for (const path of ["/etc/passwd", `${INPUT_PATH}.002`, "/dev/tty", ""]) {
    assert.equal(files.open(utf8(path), 0), -ERRNO.noEntry);
  }
  assert.equal(files.open(utf8(INPUT_PATH), 2), -ERRNO.noEntry);
  assert.equal(files.write(input, target), -ERRNO.badDescriptor);
});

Deno.test("there is nobody to ask on the console", () => {
  const { files, events } = guest();
  assert.equal(files.read(0, new Uint8Array(10)), 0);
  assert.equal(files.seek(0, 0, SEEK.start), -ERRNO.cannotSeek);
  assert.equal(files.write(1, utf8("a")), 1);
  assert.equal(files.write(2, utf8("b")), 1);
  assert.deepEqual(events, ["stdout a", "stderr b"]);
});

Deno.test("an output only grows", () => {
  const { files, events } = guest();
  const out = files.open(output("../x"), OPEN.create | 1);
  files.write(out, utf8("abc"));
  assert.equal(files.seek(out, 0, SEEK.current), 3);
  assert.equal(files.seek(out, 0, SEEK.start), -ERRNO.cannotSeek);
  assert.equal(files.close(out), 0);
  assert.equal(files.close(out), -ERRNO.badDescriptor);
  assert.equal(files.write(out, utf8("d")), -ERRNO.badDescriptor);
  assert.deepEqual(events, ["create ../x", "write abc", "close"]);
});

Deno.test("of outputs with one name each is a file of its own", () => {
  const { files, events } = guest();
  for (const content of ["1", "2"]) {
    const path = output("same");
    assert.equal(files.status(path), undefined);
    const out = files.open(path, OPEN.create | 1);
    files.write(out, utf8(content));
    files.close(out);
    files.setTimes(path);
    assert.equal(files.status(path)?.mode, MODE.file);
  }
  assert.deepEqual(events, ["create same", "write 1", "close", "create same", "write 2", "close"]);
});

Deno.test("a removal counts when the file was just written and not asked for since", () => {
  const { files, events } = guest();
  files.close(files.open(output("link"), OPEN.create | 1));
  files.remove(output("other"));
  files.remove(output("link"));
  files.makeLink(output("link"), utf8("/etc"));
  files.close(files.open(output("file"), OPEN.create | 1));
  files.status(output("file"));
  files.remove(output("file"));
  assert.deepEqual(events.filter((event) => !/^c/.test(event)), ["remove link", "link link to /etc"]);
});

Deno.test("folders exist as long as 7-Zip asks for them", () => {
  const { files } = guest();
  assert.equal(files.makeDirectory(output("d")), 0);
  assert.equal(files.status(output("d"))?.mode, MODE.directory);
  assert.equal(files.status(utf8(OUTPUT_PATH))?.mode, MODE.directory);
  assert.equal(files.status(output("e")), undefined);
});
