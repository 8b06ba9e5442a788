// The package takes any newer version of its peer, unless this one is there already.
import "npm:@logtape/logtape@2.4.2";

/** A file of log lines that is renamed when it is full. */
export { getRotatingFileSink } from "npm:@logtape/file@2.3.10";
