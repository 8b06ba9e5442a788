/** JSON Schema, for the tests that hold published schemas and code together. */
export { Ajv2020 } from "npm:ajv@8.20.0/dist/2020.js";
