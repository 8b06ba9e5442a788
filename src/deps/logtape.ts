/** What a log line and its destination are: types, for which nothing is loaded. */
export type { LogRecord, Sink } from "npm:@logtape/logtape@2.4.2";

/** What a process has one of, for the test that shows that we leave it alone. */
export { configure, getConfig, getLogger, reset } from "npm:@logtape/logtape@2.4.2";
