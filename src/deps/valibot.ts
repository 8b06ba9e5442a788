/** Schemas of data: type, checks and JSON Schema from one declaration. */
export * as v from "npm:valibot@1.5.0";
