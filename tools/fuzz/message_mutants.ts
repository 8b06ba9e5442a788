/**
 * Mutations of messages: of the values in them, of their order, and of the bytes that they become.
 *
 * @module
 */

import { encodeFrame } from "../../src/sandbox/frames.ts";
import { joined, mutate } from "./mutate.ts";
import type { Random } from "./random.ts";

/** A message with its body. */
export interface Message {
  readonly message: Readonly<Record<string, unknown>>;
  readonly body?: Uint8Array;
}

/** A stream of bytes, and how it was made. */
export interface MessageStream {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly origin: string;
}

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 31,
  2 ** 53,
  "",
  "__proto__",
  "constructor",
  "\0bytes",
  "\ud800",
  "x".repeat(100_000),
  [],
  {},
  [null],
  [-1],
  [2 ** 32],
  Array(450_000).fill(0),
  { code: 1, message: null },
  JSON.parse("[".repeat(1000) + "]".repeat(1000)),
];

const TYPES = [
  ...[
    "hello",
    "opened",
    "open-failed",
    "want",
    "want-content",
    "contents",
    "answer",
    "thrown",
    "delivery",
    "settled",
    "ended",
    "log",
  ],
  ...[
    "log-dropped",
    "memory",
    "broken",
    "start",
    "open",
    "call",
    "given",
    "ingest",
    "more",
    "settle",
    "stop",
    "",
    "x",
  ],
];

type Change = (messages: readonly Message[], random: Random) => readonly Message[];

const CHANGES: Readonly<Record<string, Change>> = {
  "change a field": (messages, random) =>
    changeOne(messages, random, ({ message, body }) => {
      const key = random.pick([...Object.keys(message), "__proto__", "further"]);
      // As JSON, so that "__proto__" is a key like others.
      const changed = JSON.parse(`{${JSON.stringify(key)}: ${JSON.stringify(random.pick(VALUES))}}`);
      return { message: Object.fromEntries([...Object.entries(message), ...Object.entries(changed)]), body };
    }),
  "remove a field": (messages, random) =>
    changeOne(messages, random, ({ message, body }) => {
      const removed = random.pick(Object.keys(message));
      return {
        message: Object.fromEntries(Object.entries(message).filter(([key]) => key !== removed)),
        body,
      };
    }),
  "change the type": (messages, random) =>
    changeOne(
      messages,
      random,
      ({ message, body }) => ({ message: { ...message, type: random.pick(TYPES) }, body }),
    ),
  "change the body": (messages, random) =>
    changeOne(messages, random, ({ message, body = new Uint8Array() }) => ({
      message,
      body: mutate(body, new Uint8Array(100), random).content,
    })),
  "repeat": (messages, random) => {
    const at = random.below(messages.length);
    return [
      ...messages.slice(0, at),
      ...Array<Message>(1 + random.below(20)).fill(messages[at]!),
      ...messages.slice(at),
    ];
  },
  "leave out": (messages, random) => {
    const at = random.below(messages.length);
    return messages.filter((_, index) => index !== at);
  },
  "exchange": (messages, random) => {
    const [a, b] = [random.below(messages.length), random.below(messages.length)];
    return messages.map((message, index) =>
      index === a ? messages[b]! : index === b ? messages[a]! : message
    );
  },
};

function changeOne(
  messages: readonly Message[],
  random: Random,
  change: (message: Message) => Message,
): readonly Message[] {
  const at = random.below(messages.length);
  return messages.map((message, index) => index === at ? change(message) : message);
}

/** Returns the frames of valid messages after one to three changes, in half of the cases also of their bytes. */
export function mutateMessages(
  messages: readonly Message[],
  mark: Uint8Array,
  random: Random,
): MessageStream {
  const names = Array.from({ length: 1 + random.below(3) }, () => random.pick(Object.keys(CHANGES)));
  const changed = names.reduce(
    (list, name) => list.length === 0 ? list : CHANGES[name]!(list, random),
    messages,
  );
  const content = encodeMessages(changed, mark);
  if (random.below(2) === 0) return { content, origin: names.join(", ") };
  const { content: bytes, mutations } = mutate(content, content, random);
  return { content: bytes, origin: [...names, ...mutations].join(", ") };
}

/** Returns the frames of messages. */
export function encodeMessages(messages: readonly Message[], mark: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined(...messages.flatMap(({ message, body }) => encodeFrame(mark, message, body ? [body] : [])));
}
