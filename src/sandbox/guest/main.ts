/**
 * A runner's entry, where it is a module of its own; a compiled binary calls `serveHost` itself.
 *
 * @module
 */

import { serveHost } from "./guest.ts";

await serveHost();
