/** Width of a character by Unicode's East Asian Width. */
export { eastAsianWidth } from "npm:get-east-asian-width@1.7.0";
