/**
 * Values of modules for one content, each read at most once.
 *
 * @module
 */

import { moduleIsAbsent } from "./module_presence.ts";
import type { DigestFunction, ModuleReader } from "./module_value.ts";
import { openPe } from "./pe_module.ts";

/** Modules over one content; the content must not change while it is used. */
export class ContentModules {
  readonly #content: Uint8Array;
  readonly #digest: DigestFunction | undefined;
  readonly #isAbsent = new Map<string, boolean>();
  #pe: { readonly reader: ModuleReader | undefined } | undefined;

  /** @param digest absent: values that need digests are not known */
  constructor(content: Uint8Array, digest?: DigestFunction) {
    this.#content = content;
    this.#digest = digest;
  }

  /** Whether a module certainly has no values for the content. */
  isAbsent(module: string): boolean {
    let isAbsent = this.#isAbsent.get(module);
    if (isAbsent === undefined) {
      this.#isAbsent.set(module, isAbsent = moduleIsAbsent(module, this.#content));
    }
    return isAbsent;
  }

  /** Returns a module's values; undefined: they are not known. */
  reader(module: string): ModuleReader | undefined {
    if (module !== "pe") return undefined;
    this.#pe ??= { reader: openPe(this.#content, this.#digest) };
    return this.#pe.reader;
  }
}
