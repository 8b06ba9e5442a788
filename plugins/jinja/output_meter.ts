/**
 * Limits the cost of one rendering: a response may be hostile and huge, even if the template is small.
 *
 * @module
 */

import { JinjaError } from "./failure.ts";

/** Most characters that a template may write, captured text included. */
export const MAX_OUTPUT_CHARACTERS = 8_000_000;

/** Most iterations of all loops of one rendering, and most numbers of `range`. */
export const MAX_LOOP_TURNS = 2_000_000;

/** Counts what the current rendering has used. Rendering is synchronous, so there is never more than one. */
export class OutputMeter {
  #characters = 0;
  #turns = 0;

  /** Begins a rendering. */
  reset(): void {
    this.#characters = 0;
    this.#turns = 0;
  }

  /** Counts written characters. @throws {JinjaError} `jinja-output-too-large` */
  write(characters: number): void {
    this.#characters += characters;
    if (this.#characters > MAX_OUTPUT_CHARACTERS) {
      throw new JinjaError(
        "jinja-output-too-large",
        `Failed to render the response: the template writes ${this.#characters} characters or more, ` +
          `the limit is ${MAX_OUTPUT_CHARACTERS}`,
      );
    }
  }

  /** Counts iterations of loops. @throws {JinjaError} `jinja-loop-too-long` */
  loop(turns: number): void {
    this.#turns += turns;
    if (this.#turns > MAX_LOOP_TURNS) {
      throw new JinjaError(
        "jinja-loop-too-long",
        `Failed to render the response: its loops take ${this.#turns} iterations or more, ` +
          `the limit is ${MAX_LOOP_TURNS}`,
      );
    }
  }
}
