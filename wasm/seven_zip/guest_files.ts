/**
 * The only files that a running 7-Zip sees: its input, and a place to write to that has no directories, no
 * links and no memory. Every file it creates is a new stream to the sink, whatever the name says, so a name
 * from an archive is never a path.
 *
 * @module
 */

import { ERRNO, MODE, OPEN, SEEK } from "./abi.ts";

/** Where 7-Zip finds the archive. Also the name it gives to the content of formats that store none. */
export const INPUT_PATH = "/stoq-nameless";

/** Where 7-Zip is told to extract to. */
export const OUTPUT_PATH = "/out";

/** One file that 7-Zip is writing. */
export interface OutputFile {
  /** @param chunk the next bytes, a view that is valid during the call only */
  write(chunk: Uint8Array): void;
  /** No more bytes follow. */
  close(): void;
}

/** Who receives what 7-Zip writes; a method may throw to end the run. */
export interface RunSink {
  /** @param path the path below {@linkcode OUTPUT_PATH}, as bytes, because names need not be UTF-8 */
  createFile(path: Uint8Array): OutputFile;
  /** The file that was written last is taken away, unasked: a link takes its place. */
  removeFile(path: Uint8Array): void;
  /** A symbolic link that 7-Zip wants; nothing is made. */
  createLink(path: Uint8Array, target: Uint8Array): void;
  /** @param chunk console output, a view that is valid during the call only */
  print(stream: "stdout" | "stderr", chunk: Uint8Array): void;
}

/** What `stat` says of a file. */
export interface FileStatus {
  readonly mode: number;
  readonly sizeBytes: number;
}

type Handle =
  | { readonly kind: "input"; position: number }
  | { readonly kind: "output"; readonly name: string; readonly output: OutputFile; written: number };

const STDERR = 2;
const DIRECTORY: FileStatus = { mode: MODE.directory, sizeBytes: 0 };

/** The guest's file table. Methods return a negative error number where a system call would. */
export class GuestFiles {
  readonly #input: Uint8Array;
  readonly #sink: RunSink;
  readonly #handles = new Map<number, Handle>();
  #nextDescriptor = STDERR + 1;
  #lastDirectory = "";
  #lastDated = "";
  #lastClosed = "";

  /** @param input the archive, which is not copied */
  constructor(input: Uint8Array, sink: RunSink) {
    this.#input = input;
    this.#sink = sink;
  }

  /** Opens the input for reading or a new output; there is nothing else. */
  open(path: Uint8Array, flags: number): number {
    if (flags & OPEN.create) {
      const output = this.#sink.createFile(belowOutput(path));
      return this.#add({ kind: "output", name: binary(path), output, written: 0 });
    }
    const isInput = binary(path) === INPUT_PATH && (flags & OPEN.accessMode) === 0;
    return isInput ? this.#add({ kind: "input", position: 0 }) : -ERRNO.noEntry;
  }

  /** Closes a descriptor. */
  close(descriptor: number): number {
    const handle = this.#handles.get(descriptor);
    if (handle === undefined) return descriptor <= STDERR ? 0 : -ERRNO.badDescriptor;
    this.#handles.delete(descriptor);
    if (handle.kind === "output") {
      handle.output.close();
      this.#lastClosed = handle.name;
    }
    return 0;
  }

  /** Fills `target` and returns how much; the console never has anything to read, so nothing waits for a person. */
  read(descriptor: number, target: Uint8Array): number {
    if (descriptor === 0) return 0;
    const handle = this.#handles.get(descriptor);
    if (handle?.kind !== "input") return -ERRNO.badDescriptor;
    const piece = this.#input.subarray(handle.position, handle.position + target.length);
    target.set(piece);
    handle.position += piece.length;
    return piece.length;
  }

  /** Hands `chunk` on and returns its length. */
  write(descriptor: number, chunk: Uint8Array): number {
    if (descriptor === 1 || descriptor === STDERR) {
      this.#sink.print(descriptor === 1 ? "stdout" : "stderr", chunk);
      return chunk.length;
    }
    const handle = this.#handles.get(descriptor);
    if (handle?.kind !== "output") return -ERRNO.badDescriptor;
    handle.output.write(chunk);
    handle.written += chunk.length;
    return chunk.length;
  }

  /**
   * Moves in the input; an output only grows, so there the answer is its end or a refusal. Behind the input's end every
   * position is possible, as in a file: to refuse one would make 7-Zip break off, entries that it could read included.
   */
  seek(descriptor: number, offset: number, origin: number): number {
    const handle = this.#handles.get(descriptor);
    if (handle === undefined) return descriptor <= STDERR ? -ERRNO.cannotSeek : -ERRNO.badDescriptor;
    const isInput = handle.kind === "input";
    const here = isInput ? handle.position : handle.written;
    const end = isInput ? this.#input.length : handle.written;
    const position = offset + (origin === SEEK.start ? 0 : origin === SEEK.current ? here : end);
    if (!(position >= 0)) return -ERRNO.invalid;
    if (isInput) handle.position = position;
    else if (position !== handle.written) return -ERRNO.cannotSeek;
    return position;
  }

  /** Status of an open file. */
  statusOf(descriptor: number): FileStatus | undefined {
    if (descriptor <= STDERR) return { mode: MODE.device, sizeBytes: 0 };
    const handle = this.#handles.get(descriptor);
    if (handle === undefined) return undefined;
    return { mode: MODE.file, sizeBytes: handle.kind === "input" ? this.#input.length : handle.written };
  }

  /**
   * Status of a path. An output exists only for the one question that follows its dating (7-Zip asks before
   * it sets the mode), so that of two entries with one name both are written.
   */
  status(path: Uint8Array): FileStatus | undefined {
    const name = binary(path);
    if (name === this.#lastClosed) this.#lastClosed = "";
    if (name === INPUT_PATH) return { mode: MODE.file, sizeBytes: this.#input.length };
    if (name === "/" || name === OUTPUT_PATH || name === OUTPUT_PATH + "/") return DIRECTORY;
    if (name !== "" && name === this.#lastDirectory) return DIRECTORY;
    if (name === "" || name !== this.#lastDated) return undefined;
    this.#lastDated = "";
    return { mode: MODE.file, sizeBytes: 0 };
  }

  /** Pretends to make a directory. */
  makeDirectory(path: Uint8Array): number {
    this.#lastDirectory = binary(path);
    return 0;
  }

  /** Pretends to set the times of a file. */
  setTimes(path: Uint8Array): number {
    this.#lastDated = binary(path);
    return 0;
  }

  /**
   * Pretends to remove a file. 7-Zip asks for a file's status before it makes way for another one of that name;
   * without asking it removes what it wrote itself, to put a link there.
   */
  remove(path: Uint8Array): number {
    const name = binary(path);
    if (name !== "" && name === this.#lastClosed) this.#sink.removeFile(belowOutput(path));
    return 0;
  }

  /** Reports a symbolic link to the sink, and makes none. */
  makeLink(path: Uint8Array, target: Uint8Array): number {
    this.#sink.createLink(belowOutput(path), target);
    return 0;
  }

  #add(handle: Handle): number {
    const descriptor = this.#nextDescriptor++;
    this.#handles.set(descriptor, handle);
    return descriptor;
  }
}

const LATIN1 = new TextDecoder("latin1");

// One character a byte, so that names which are no UTF-8 still compare.
function binary(path: Uint8Array): string {
  return LATIN1.decode(path);
}

function belowOutput(path: Uint8Array): Uint8Array {
  const prefix = OUTPUT_PATH + "/";
  return binary(path).startsWith(prefix) ? path.subarray(prefix.length) : path;
}
