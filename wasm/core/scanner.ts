/**
 * Drives the core: brings content to it in chunks, and does what takes the whole content.
 *
 * @module
 */

import { Anchors } from "./anchors.ts";
import { binary } from "./binary.ts";
import * as at from "./layout.ts";
import { HITS_MAX, HITS_PER_FORM_MAX, WORK_BASE, WORK_PER_BYTE } from "./limits.ts";
import type { Core, CoreHits } from "./shapes.ts";
import { checkContent, checkHeader, checkTables } from "./tables_reader.ts";
import { WholeForms } from "./whole_form.ts";

/** What the module exports; assembly/ says more. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  arrange(counts: number, hits: number, total: number, perForm: number): void;
  begin(formCount: number, work: number): void;
  scanChunk(from: number, bytes: number, contentBytes: number): number;
  foundHits(): number;
  cappedForms(): number;
}

const PAGE_BYTES = 65536;

/**
 * Takes in tables, which {@linkcode buildTables} made: checks them, and copies them into memory of their own.
 *
 * @throws {Error} for tables that are damaged, or of another version
 */
export function loadTables(tables: Uint8Array): Core {
  checkHeader(tables);
  const core = new WebAssembly.Instance(binary).exports as unknown as Exports;
  const formCount = new DataView(tables.buffer, tables.byteOffset).getUint32(at.HEADER_FORM_COUNT, true);
  const countsAt = at.TABLES + tables.length;
  const hitsAt = countsAt + formCount * 2 + 7 & ~7;
  const missing = Math.ceil((hitsAt - core.memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) core.memory.grow(missing);
  new Uint8Array(core.memory.buffer, at.TABLES).set(tables);
  checkTables(new Uint32Array(core.memory.buffer, at.TABLES, tables.length / 4));
  core.arrange(countsAt, hitsAt, HITS_MAX, HITS_PER_FORM_MAX);
  return new TableCore(core, tables.length, formCount, countsAt, hitsAt);
}

class TableCore implements Core {
  readonly #core: Exports;
  readonly #tablesBytes: number;
  readonly #countsAt: number;
  readonly #hitsAt: number;
  /** Forms that are longer than a run. */
  readonly #longForms = new Set<number>();
  readonly #anchors: Anchors;

  constructor(
    core: Exports,
    tablesBytes: number,
    readonly formCount: number,
    countsAt: number,
    hitsAt: number,
  ) {
    this.#core = core;
    this.#tablesBytes = tablesBytes;
    this.#countsAt = countsAt;
    this.#hitsAt = hitsAt;
    const words = this.#words();
    const anchorsAt = words[at.HEADER_ANCHORS_AT / 4]! / 4;
    const anchored = words.slice(anchorsAt, anchorsAt + words[at.HEADER_ANCHOR_COUNT / 4]!);
    const forms = this.#forms();
    this.#anchors = new Anchors(anchored, forms);
    for (let form = 0; form < formCount; form++) {
      if (forms.field(form, at.FORM_LENGTH) > at.RUN_BYTES_MAX) this.#longForms.add(form);
    }
  }

  get memoryBytes(): number {
    return this.#core.memory.buffer.byteLength;
  }

  scan(content: Uint8Array): CoreHits {
    checkContent(content);
    const workBudget = WORK_BASE + WORK_PER_BYTE * content.length;
    this.#core.begin(this.formCount, workBudget);
    const isRead = this.#scanChunks(content);
    const found = new Uint32Array(this.#core.memory.buffer, this.#hitsAt, this.#core.foundHits() * 2);
    const whole = this.#longForms.size > 0
      ? this.#wholeHits(found, content, workBudget)
      : { hits: found.slice(), isComplete: true };
    return {
      hits: this.#withAnchored(whole.hits, content),
      cappedForms: this.#cappedForms(),
      isComplete: isRead && whole.isComplete,
    };
  }

  #scanChunks(content: Uint8Array): boolean {
    for (let from = 0; from < content.length; from += at.CHUNK_BYTES) {
      // Anew for each chunk: the memory may have grown.
      const view = new Uint8Array(this.#core.memory.buffer, at.RAW, at.VIEW_BYTES);
      const bytes = Math.min(at.CHUNK_BYTES, content.length - from);
      const before = Math.min(from, at.MARGIN_BYTES);
      const seen = content.subarray(from - before, from + bytes + at.MARGIN_BYTES);
      view.set(seen, at.MARGIN_BYTES - before);
      // Nothing may depend on what was looked at before.
      view.fill(0, at.MARGIN_BYTES - before + seen.length, bytes + 2 * at.MARGIN_BYTES);
      if (this.#core.scanChunk(from, bytes, content.length) !== 0) return false;
    }
    return true;
  }

  /** Drops those hits of long forms of which the rest is not there; `found` is not changed. */
  #wholeHits(
    found: Uint32Array,
    content: Uint8Array,
    workBudget: number,
  ): { hits: Uint32Array; isComplete: boolean } {
    const forms = this.#forms();
    const hits = new Uint32Array(found.length);
    let used = 0;
    let workLeft = workBudget;
    for (let index = 0; index < found.length; index += 2) {
      const form = found[index]!;
      let offset = found[index + 1]!;
      if (this.#longForms.has(form)) {
        offset -= forms.field(form, at.FORM_RUN_FROM);
        if (offset < 0) continue;
        const common = forms.isPossibleAt(form, content, offset)
          ? forms.commonBytes(form, content, offset)
          : 0;
        workLeft -= common;
        if (workLeft < 0) return { hits: hits.slice(0, used), isComplete: false };
        if (common < forms.field(form, at.FORM_LENGTH)) continue;
      }
      hits[used++] = form;
      hits[used++] = offset;
    }
    return { hits: hits.slice(0, used), isComplete: true };
  }

  #withAnchored(hits: Uint32Array, content: Uint8Array): Uint32Array {
    const anchored = this.#anchors.find(content, this.#forms());
    if (anchored.length === 0) return hits;
    const all = new Uint32Array(anchored.length + hits.length);
    all.set(anchored);
    all.set(hits, anchored.length);
    return all;
  }

  #cappedForms(): Uint32Array {
    const capped = new Uint32Array(this.#core.cappedForms());
    const counts = new Uint16Array(this.#core.memory.buffer, this.#countsAt, this.formCount);
    for (let form = 0, used = 0; used < capped.length && form < counts.length; form++) {
      if (counts[form]! > HITS_PER_FORM_MAX) capped[used++] = form;
    }
    return capped;
  }

  #words(): Uint32Array {
    return new Uint32Array(this.#core.memory.buffer, at.TABLES, this.#tablesBytes / 4);
  }

  #forms(): WholeForms {
    return new WholeForms(
      new Uint8Array(this.#core.memory.buffer, at.TABLES, this.#tablesBytes),
      this.#words(),
    );
  }
}
