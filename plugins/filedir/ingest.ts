/**
 * The provider: a folder's files, or one file, as payloads.
 *
 * @module
 */

import type { Delivery, DeliveryItem, Logger, SkippedItem } from "../../src/plugin/define.ts";
import {
  type Clock,
  entryPath,
  isAbsent,
  isGone,
  nameMetadata,
  type OutputGuard,
  Pace,
  quote,
  readRegularFile,
  RegularFile,
  type Retry,
  skippedFile,
  splitPath,
  type Storage,
  systemFailure,
  systemStorage,
  trimSeparators,
} from "../../src/plugin/kit/mod.ts";
import { MAX_READ_AHEAD_BYTES, openAhead } from "./read_ahead.ts";
import { Redelivery } from "./redelivery.ts";
import { SourceGuard } from "./source_guard.ts";
import type { FoundFile } from "./walk.ts";

/** How to ingest. */
export interface IngestOptions {
  /** Whether to enter folders. */
  readonly isRecursive: boolean;
  /** What the run writes, which is not delivered. */
  readonly outputs: OutputGuard;
  readonly signal: AbortSignal;
  readonly log: Pick<Logger, "info">;
  /** Default: the machine's file system. */
  readonly storage?: Storage;
  /** For tests. */
  readonly clock?: Clock;
  /** For tests. */
  readonly pace?: Pace;
}

/** The content of a file, or why it can't be delivered; `undefined` if it is gone. */
type FileReading = Uint8Array | SkippedItem | undefined;

/**
 * Delivers every file of a folder, or the one file that `source` names. The next few files are opened ahead,
 * and read if they are small. One in a folder that can't be read is reported as skipped. A file whose delivery
 * failed is read and delivered again later; the stream ends when all its deliveries are settled.
 *
 * @throws {FiledirError} `source-not-readable` when the folder can't be listed or the one file can't be read
 * @throws {PluginError} `source-in-output` when the run writes to it or to a folder around it
 */
export async function* ingestFiles(source: string, options: IngestOptions): AsyncGenerator<Delivery> {
  const { signal } = options;
  const { readings, readAgain } = await openSource(source, options);
  using redelivery = new Redelivery<FoundFile>(signal, options.clock);
  const again = async function* (retry: Retry<FoundFile>): AsyncGenerator<Delivery> {
    const reading = await readOrSkip(retry.item, () => readAgain(retry.item), options);
    const delivery = deliveryOf(reading, retry, redelivery);
    if (delivery && !signal.aborted) yield delivery;
  };
  for await (const [found, reading] of readings) {
    if (signal.aborted) return;
    const delivery = deliveryOf(reading, { item: found, attempt: 1 }, redelivery);
    if (delivery) yield delivery;
    for (;;) {
      const retry = redelivery.isFull ? await redelivery.next() : redelivery.takeDue();
      if (!retry) break;
      yield* again(retry);
    }
  }
  for (let retry = await redelivery.next(); retry; retry = await redelivery.next()) yield* again(retry);
}

/** The files of a source in their order, and a function that reads one of them again. */
interface Source {
  readonly readings: AsyncIterable<readonly [FoundFile, FileReading]>;
  readonly readAgain: (found: FoundFile) => Promise<Uint8Array>;
}

async function openSource(source: string, options: IngestOptions): Promise<Source> {
  const { storage = systemStorage } = options;
  const { realSource, isFolder } = await examine(source, storage);
  options.outputs.checkSource(source, realSource);
  if (!isFolder) {
    // The link may lead elsewhere the next time.
    const readAgain = async () => await readRegularFile(await storage.realPath(source), { storage });
    return { readings: readSingle(source, storage), readAgain };
  }
  const pace = options.pace ?? new Pace();
  const guard = new SourceGuard(realSource, pace, storage);
  return { readings: readFolder(source, realSource, guard, { ...options, pace }), readAgain };

  async function readAgain(found: FoundFile): Promise<Uint8Array> {
    using file = await guard.open(found);
    return await file.readToEnd();
  }
}

async function examine(
  source: string,
  storage: Storage,
): Promise<{ realSource: string; isFolder: boolean }> {
  try {
    const realSource = await storage.realPath(source);
    return { realSource, isFolder: (await storage.stat(realSource)).isDirectory };
  } catch (error) {
    throw sourceNotReadable(source, error);
  }
}

/** Reads the one file that the source names, which may be a link. */
async function* readSingle(
  source: string,
  storage: Storage,
): AsyncGenerator<readonly [FoundFile, FileReading]> {
  try {
    yield [splitPath(source), await readRegularFile(await storage.realPath(source), { storage })];
  } catch (error) {
    throw sourceNotReadable(source, error);
  }
}

function sourceNotReadable(source: string, error: unknown): unknown {
  return systemFailure(error, "source-not-readable", `ingest ${quote(source)}`);
}

async function* readFolder(
  source: string,
  realSource: string,
  guard: SourceGuard,
  options: IngestOptions & { readonly pace: Pace },
): AsyncGenerator<readonly [FoundFile, FileReading]> {
  const open = (found: FoundFile) => openAndReadSmall(guard, found);
  const walk = { ...options, realRoot: realSource };
  for await (const turn of openAhead(trimSeparators(source), walk, open, options.pace)) {
    if ("code" in turn) {
      yield [splitPath(turn.name), turn];
      continue;
    }
    const { found, opened } = turn;
    const reading = await readOrSkip(found, async () => {
      using file = await opened;
      return await file.readToEnd();
    }, options);
    yield [found, reading];
  }
}

async function readOrSkip(
  { folder, name }: FoundFile,
  read: () => Promise<Uint8Array>,
  { log, storage = systemStorage }: IngestOptions,
): Promise<FileReading> {
  const path = entryPath(folder, name);
  try {
    return await read();
  } catch (error) {
    if (!isGone(error)) return skippedFile(path, error);
    if (!(await isAbsent(path, storage))) return skippedFile(path, error);
    log.info(`skip ${quote(path)}: it vanished before it was read`);
    return undefined;
  }
}

async function openAndReadSmall(guard: SourceGuard, found: FoundFile): Promise<RegularFile> {
  const file = await guard.open(found);
  try {
    if (file.sizeBytes <= MAX_READ_AHEAD_BYTES) await file.readSize();
    return file;
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

/** Makes the delivery of a file. Settling it never changes the file. */
function deliveryOf(
  reading: FileReading,
  retry: Retry<FoundFile>,
  redelivery: Redelivery<FoundFile>,
): Delivery | undefined {
  if (reading === undefined) return undefined;
  // What was skipped is not settled.
  if ("code" in reading) return { item: { kind: "skipped", skipped: reading }, settle() {} };
  const { folder, name } = retry.item;
  const extraData = { ...nameMetadata("filename", name), ...nameMetadata("source_dir", folder) };
  const item: DeliveryItem = { kind: "payload", payload: { content: reading, payloadMeta: { extraData } } };
  return redelivery.deliver(item, retry);
}
