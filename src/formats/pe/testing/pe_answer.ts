/**
 * A PE file in the form in which `tools/oracle/pefile_answers.py` prints one.
 *
 * @module
 */

import { createHash } from "node:crypto";
import {
  findOverlay,
  importHashText,
  type ImportTable,
  parsePe,
  type PeImage,
  readDelayedImports,
  readExports,
  readImports,
  readResources,
  readRichHeader,
  readVersionInfo,
  RESOURCE_TYPE_VERSION,
} from "../mod.ts";

/** Returns what the script would print; undefined: the bytes are no PE file with an optional header. */
export function peAnswer(content: Uint8Array): unknown {
  const image = parsePe(content);
  if (!image?.optionalHeader) return undefined;
  return {
    delayedImports: importsOf(readDelayedImports(image)),
    exports: exportsOf(image),
    imageBase: String(image.optionalHeader.imageBase),
    importHash: importHashOf(image),
    imports: importsOf(readImports(image)),
    machine: image.fileHeader.machine,
    overlayOffset: findOverlay(image)?.offset ?? null,
    resources: readResources(image).resources.map(({ type, id, language, rva, sizeBytes }) => ({
      ids: [type, id, language],
      rva,
      sizeBytes,
    })),
    richKey: readRichHeader(image).header?.key ?? null,
    sections: image.sections.map(({ name, rva, rawBytes }) => [name, rva, rawBytes]),
    versions: versionsOf(image),
  };
}

function importsOf({ libraries }: ImportTable): unknown {
  return libraries.map(({ name = null, functions }) => ({
    functions: functions.map(({ name = null, ordinal = null, hint = null }) => ({ hint, name, ordinal })),
    library: name,
  }));
}

function importHashOf(image: PeImage): string {
  const text = importHashText(readImports(image).libraries);
  return text === "" ? "" : createHash("md5").update(text).digest("hex");
}

function exportsOf(image: PeImage): unknown {
  const { functions } = readExports(image);
  return functions.filter(({ rva }) => rva !== 0).flatMap(({ name, aliases, ordinal, rva, forwarder }) =>
    [name, ...aliases].map((name) => ({ forwarder: forwarder ?? null, name: name ?? null, ordinal, rva }))
  );
}

function versionsOf(image: PeImage): unknown {
  const versions = readResources(image).resources.filter(({ type }) => type === RESOURCE_TYPE_VERSION);
  return versions.flatMap(({ offset = 0, sizeBytes }) =>
    readVersionInfo(image.reader.subUpTo(offset, sizeBytes)).tables.map(({ language, texts }) => ({
      language,
      texts: Object.fromEntries([...texts].sort(([a], [b]) => a < b ? -1 : 1)),
    }))
  );
}
