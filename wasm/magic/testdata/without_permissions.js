// JavaScript, so that starting it does not run the type checker within the test.
import { createMagic } from "../mod.ts";

const magic = await createMagic();
self.postMessage(await magic.detect(new TextEncoder().encode("detected without permissions")));
