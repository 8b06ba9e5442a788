// Prints a response through the plugin with the template that the first argument names. JavaScript, so that starting
// it does not run the type checker within the test.
import jinja from "../mod.ts";
import { responseOf } from "./response.ts";

const opening = jinja({ template: Deno.args[0] || undefined, autoescape: true }, {});
const plugin = await opening.catch(({ code, message }) => console.error(code, message));
if (plugin) {
  await Deno.permissions.revoke({ name: "read" });
  await plugin.save(responseOf([]));
  await Deno.readTextFile(new URL("print.js", import.meta.url)).catch(({ name }) =>
    console.log(`read after loading: ${name}`)
  );
}
