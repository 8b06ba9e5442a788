/** Random inputs that shrink, for the tests of properties. */
export * as fc from "npm:fast-check@4.10.2";
