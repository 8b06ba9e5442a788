/**
 * How a compiled stoQ knows, before it looks at anything else, that it is to be a runner.
 *
 * @module
 */

/** First word of its command line; what follows is for the runner. */
export const RUNNER_WORD = "--stoq-runner";
