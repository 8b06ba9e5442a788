/** Version of stoQ: the Python original ended with 3.0.1. */
export const STOQ_VERSION = "4.0.0-alpha.1";
