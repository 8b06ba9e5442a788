/**
 * Mutations of valid messages in both directions: what a runner says to the host, and what the host says to a runner.
 *
 * @module
 */

import { Stoq } from "../../mod.ts";
import { CALL, hostMessages, openMessage, PLUGIN, RUNNER_MESSAGES } from "./conversation.ts";
import { PLACEHOLDER } from "./fake_guest.ts";
import type { Figures } from "./figures.ts";
import { guestLauncher, runGuest } from "./guest_side.ts";
import { encodeMessages, type MessageStream, mutateMessages } from "./message_mutants.ts";
import { Random } from "./random.ts";
import { readMutant, runHost } from "./host_side.ts";
import { HOST_MARK } from "../../src/sandbox/protocol.ts";

/** What a mutant is given to. Returns a word for the outcome; what it throws is a failure. */
export type Subject = "reader" | "runner" | "guest";

/** How to fuzz. */
export interface MessageFuzzing {
  readonly seed: number;
  readonly hasTime: (inputs: number) => boolean;
  /** In turn, by number of the input; by default two of 32 start processes. */
  readonly subjects?: readonly Subject[];
  /** Instead of the reader of frames and messages, to see that a defect in it is found. */
  readonly read?: (content: Uint8Array) => Promise<string>;
}

const DEFAULT_SUBJECTS: readonly Subject[] = ["runner", "guest", ...Array<Subject>(30).fill("reader")];
/** After so many inputs the host must still scan a file. */
const SERVING_EVERY = 1_000;

/** Feeds mutants one after the other. An exception that escapes, and a promise that is rejected and awaited by none, are failures. */
export async function fuzzMessages(fuzzing: MessageFuzzing, figures: Figures): Promise<void> {
  const { seed, hasTime, subjects = DEFAULT_SUBJECTS, read = readMutant } = fuzzing;
  await using stoq = new Stoq({
    stoqHome: "/nonexistent",
    alwaysDispatch: ["hash", "mimetype"],
    logLevel: "critical",
  });
  const launcher = guestLauncher();
  let current: MessageStream & { readonly input: number } = {
    input: 0,
    content: new Uint8Array(),
    origin: "none",
  };
  const fail = (reason: unknown) => void figures.failures.push({ ...current, reason: describe(reason) });
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    fail(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  try {
    for (let input = 0; hasTime(input); input++) {
      const subject = subjects[input % subjects.length]!;
      const mutant = makeMutant(subject, seed, input, launcher.ownFolders);
      current = { ...mutant.changed, input };
      const start = performance.now();
      try {
        figures.count(`${subject}: ${await give(subject, mutant, { launcher, read })}`);
      } catch (error) {
        fail(error);
      }
      figures.noteTime(input, performance.now() - start);
      // A rejection that is awaited by none is reported at the end of the turn.
      await new Promise((resolve) => setImmediate(resolve));
      figures.noteMemory(Deno.memoryUsage().rss);
      figures.inputs++;
      if (figures.inputs % SERVING_EVERY === 0) await checkServing(stoq).catch(fail);
    }
    await checkServing(stoq).catch(fail);
  } finally {
    globalThis.removeEventListener("unhandledrejection", onRejection);
  }
}

/** The two streams that a runner writes, one of them changed; a guest is given the changed one. */
interface Mutant {
  readonly changed: MessageStream;
  readonly opening: Uint8Array<ArrayBuffer>;
  readonly answering: Uint8Array<ArrayBuffer>;
}

function makeMutant(subject: Subject, seed: number, input: number, folders: readonly string[]): Mutant {
  const random = new Random(seed, input);
  const none = new Uint8Array();
  if (subject === "guest") {
    return {
      changed: mutateMessages(hostMessages(folders), HOST_MARK, random),
      opening: none,
      answering: none,
    };
  }
  const { opening, answering } = RUNNER_MESSAGES;
  const isOpening = random.below(4) === 0;
  const changed = mutateMessages(isOpening ? opening : answering, PLACEHOLDER, random);
  const whole = encodeMessages(isOpening ? answering : opening, PLACEHOLDER);
  return isOpening
    ? { changed, opening: changed.content, answering: whole }
    : { changed, opening: whole, answering: changed.content };
}

interface Subjects {
  readonly launcher: ReturnType<typeof guestLauncher>;
  readonly read: (content: Uint8Array) => Promise<string>;
}

async function give(subject: Subject, mutant: Mutant, { launcher, read }: Subjects): Promise<string> {
  switch (subject) {
    case "reader":
      return await read(mutant.changed.content);
    case "runner":
      return await runHost(mutant, { plugin: PLUGIN, open: openMessage([]), call: CALL });
    case "guest":
      return await runGuest(launcher, mutant.changed.content);
  }
}

/** Checks that the host's other runners still answer. @throws {Error} when one does not */
async function checkServing(stoq: Stoq): Promise<void> {
  const { results: [root], errors } = await stoq.scan("still there");
  if (errors.length > 0 || !root?.workers.hash || !root.workers.mimetype) {
    throw new Error(`The host does not serve: ${JSON.stringify(errors)}`);
  }
}

function describe(thrown: unknown): string {
  return thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
}
