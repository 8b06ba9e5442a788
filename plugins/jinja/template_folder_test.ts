import assert from "node:assert/strict";
import { createRenderer } from "./renderer.ts";
import { MAX_TEMPLATES_BYTES, resolveName, templateFolder } from "./template_folder.ts";
import { MAX_TEMPLATE_FILES } from "./template_set.ts";
import { payloadOf, responseOf } from "./testing/response.ts";

/** Runs a test with a folder of templates, which is gone before the template is rendered. */
async function withTemplates(
  files: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>>,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = `${folder}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeFile(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const load = (path: string) => createRenderer(templateFolder(path), true);

Deno.test("a template extends, imports and includes files of its folder, as they were at load", async () => {
  const render = await load(new URL("testdata/templates/page.njk", import.meta.url).pathname);
  const results = ["<one>", "two"].map((filename, index) =>
    payloadOf(`a-${index}`, { extraData: { filename } })
  );
  assert.equal(
    render(responseOf(results)),
    "<p>head of page</p>\n<p>2e38fbfb-06ce-4eb4-826a-f6946cca0111</p>\n\n<p>&lt;one&gt;</p>\n<p>two</p>\n",
  );
});

Deno.test("what is rendered later is read at load", async () => {
  let render: Awaited<ReturnType<typeof load>>;
  await withTemplates({ "a.njk": '{% include "b.njk" %}', "b.njk": "b" }, async (folder) => {
    render = await load(`${folder}/a.njk`);
  });
  assert.equal(render!(responseOf([])), "b");
});

Deno.test("a template that is missing is an error at load that names the option", async () => {
  await withTemplates({}, async (folder) => {
    await assert.rejects(load(`${folder}/none.njk`), {
      name: "PluginError",
      code: "jinja-template-not-found",
      message: `Failed to find the template "${folder}/none.njk" (option "template"): it does not exist`,
    });
    await assert.rejects(load(folder), {
      code: "jinja-template-not-found",
      message: /it must be a regular file$/,
    });
  });
});

Deno.test("an included file that is missing is an error at load that names who includes it", async () => {
  await withTemplates({ "a.njk": '\n{% include "sub/b.njk" %}' }, async (folder) => {
    await assert.rejects(load(`${folder}/a.njk`), {
      code: "jinja-template-not-found",
      message:
        `Failed to find the template "${folder}/sub/b.njk" (line 2 of "${folder}/a.njk"): it does not exist`,
    });
  });
});

Deno.test("a mistake in an included file is an error at load that names that file", async () => {
  await withTemplates({ "a.njk": '{% include "b.njk" %}', "b.njk": "\n{% if %}" }, async (folder) => {
    await assert.rejects(load(`${folder}/a.njk`), {
      code: "jinja-template-invalid",
      message: `Failed to read the template "${folder}/b.njk": line 2: unexpected token: %}`,
    });
  });
});

Deno.test("a name that leaves the folder is an error at load", async () => {
  for (const name of ["../secret", "/etc/passwd", "a/../../secret", "..", "C:/x", "..\\\\secret"]) {
    await withTemplates({ "t/a.njk": `{% include "${name}" %}`, secret: "s" }, async (folder) => {
      await assert.rejects(load(`${folder}/t/a.njk`), {
        code: "jinja-template-outside",
        message: /: line 1 must name a file in the folder of ".+", got ".+"$/,
      }, name);
    });
  }
});

Deno.test("a name from a response finds templates that a tag names, and no other file", async () => {
  const template = '{% include response.request_meta.source %}{% if false %}{% include "b.njk" %}{% endif %}';
  await withTemplates(
    { "t/a.njk": template, "t/b.njk": "b", "t/c.njk": "c", secret: "s" },
    async (folder) => {
      const render = await load(`${folder}/t/a.njk`);
      const from = (source: string) =>
        responseOf([], { requestMeta: { archivePayloads: true, source, extraData: {} } });
      assert.equal(render(from("b.njk")), "b");
      for (
        const source of [
          "c.njk",
          "../secret",
          "./../secret",
          `${folder}/secret`,
          "constructor",
          "__proto__",
          "",
        ]
      ) {
        assert.throws(() => render(from(source)), {
          code: "jinja-render-failed",
          message: /template not found/,
        }, source);
      }
    },
  );
});

Deno.test("a template that is no UTF-8 or too large is an error at load", async () => {
  const files = { "a.njk": Uint8Array.of(0x61, 0xff), "b.njk": new Uint8Array(MAX_TEMPLATES_BYTES + 1) };
  await withTemplates(files, async (folder) => {
    await assert.rejects(load(`${folder}/a.njk`), {
      code: "jinja-template-invalid",
      message: /it must be UTF-8$/,
    });
    await assert.rejects(load(`${folder}/b.njk`), { code: "jinja-templates-too-large" });
  });
});

Deno.test("the sizes of all files count together", async () => {
  const half = "x".repeat(MAX_TEMPLATES_BYTES / 2);
  const files = { "a.njk": '{% include "b.njk" %}{% include "c.njk" %}', "b.njk": half, "c.njk": half };
  await withTemplates(files, async (folder) => {
    await assert.rejects(load(`${folder}/a.njk`), { code: "jinja-templates-too-large" });
  });
});

Deno.test("too many files are an error at load", async () => {
  const names = Array.from({ length: MAX_TEMPLATE_FILES }, (_, index) => `${index}.njk`);
  const all = names.map((name) => `{% include "${name}" %}`).join("");
  await withTemplates(
    { "a.njk": all, ...Object.fromEntries(names.map((name) => [name, ""])) },
    async (folder) => {
      await assert.rejects(load(`${folder}/a.njk`), {
        code: "jinja-templates-too-large",
        message: /must be made of at most 200 files$/,
      });
    },
  );
});

Deno.test("both names of a choice are read, a name that is put together is not taken apart", async () => {
  const template = '{% include "b.njk" if response.errors.length else "c.njk" %}{% include "c" + ".njk" %}';
  await withTemplates({ "a.njk": template, "b.njk": "b", "c.njk": "c" }, async (folder) => {
    assert.equal((await load(`${folder}/a.njk`))(responseOf([])), "cc");
  });
});

Deno.test("names count from the folder, relative ones from the template that says them", () => {
  assert.equal(resolveName("b.njk", "sub/a.njk"), "b.njk");
  assert.equal(resolveName("./b.njk", "sub/a.njk"), "sub/b.njk");
  assert.equal(resolveName("../b.njk", "sub/a.njk"), "b.njk");
  assert.equal(resolveName("x//./y/../b.njk", "a.njk"), "x/b.njk");
  for (const name of ["", ".", "../b", "../../b", "x/../../b", "/b", "\\b", "c:b", "a\0b"]) {
    assert.equal(resolveName(name, "a.njk"), undefined, name);
  }
});
