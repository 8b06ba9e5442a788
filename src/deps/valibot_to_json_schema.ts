/** JSON Schema of a schema of valibot, for the generator. */
export { toJsonSchema } from "npm:@valibot/to-json-schema@1.8.0";
