/**
 * The word that makes a compiled stoQ a runner. A module of its own: `cli.ts` reads it before it loads anything else.
 *
 * @module
 */

/** First word of the command line; the words that follow are for the runner. */
export const RUNNER_WORD = "--stoq-runner";
