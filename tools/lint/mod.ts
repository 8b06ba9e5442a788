/**
 * The house rules as a plugin of `deno lint`; `deno.json` names this file.
 *
 * @module
 */

import { fileName } from "./file_name.ts";
import { functionSize } from "./function_size.ts";
import { importDirection } from "./import_direction.ts";
import { noDenoExit } from "./no_deno_exit.ts";
import { noDenoNamespace } from "./no_deno_namespace.ts";
import { noImportCircle } from "./no_import_circle.ts";
import { npmImport } from "./npm_import.ts";
import { pureCore } from "./pure_core.ts";

const plugin: Deno.lint.Plugin = {
  name: "stoq",
  rules: {
    "file-name": fileName,
    "function-size": functionSize,
    "import-direction": importDirection,
    "no-deno-exit": noDenoExit,
    "no-deno-namespace": noDenoNamespace,
    "no-import-circle": noImportCircle,
    "npm-import": npmImport,
    "pure-core": pureCore,
  },
};

export default plugin;
