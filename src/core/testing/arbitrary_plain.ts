/**
 * Plain data of any shape, for properties.
 *
 * @module
 */

import { fc } from "../../deps/testing/fast_check.ts";
import type { Plain } from "../contract/plain.ts";

/** Returns plain data nested up to four deep, with texts and keys of the given kind. */
export function arbitraryPlain(text: fc.Arbitrary<string>): fc.Arbitrary<Plain> {
  return fc.letrec<{ value: Plain }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
      fc.uint8Array().map((bytes): Plain => Uint8Array.from(bytes)),
      fc.array(tie("value"), { maxLength: 5 }),
      fc.dictionary(text, fc.oneof(tie("value"), fc.constant(undefined)), { maxKeys: 5 }).map((record) =>
        record as Plain
      ),
    ),
  })).value;
}
