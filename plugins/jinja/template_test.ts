import assert from "node:assert/strict";
import { createRenderer } from "./renderer.ts";
import { MAX_LOOP_TURNS, MAX_OUTPUT_CHARACTERS } from "./output_meter.ts";
import { payloadOf, responseOf } from "./testing/response.ts";
import { shippedTemplate } from "./template_folder.ts";

/** Renders a template that is alone, with an extra_data on the only payload. */
async function render(
  template: string,
  { extraData = {}, autoescape = true }: {
    extraData?: Record<string, string | number>;
    autoescape?: boolean;
  } = {},
): Promise<string> {
  const response = responseOf([payloadOf("aaaa-1", { extraData })]);
  return (await createRenderer(shippedTemplate("t", template), autoescape))(response);
}

const NAME = "response.results[0].payload_meta.extra_data.name";

Deno.test("values are escaped for HTML, unless a template says safe or the option is off", async () => {
  const extraData = { name: `<b>'&"` };
  assert.equal(await render(`<i>{{ ${NAME} }}</i>`, { extraData }), "<i>&lt;b&gt;&#39;&amp;&quot;</i>");
  assert.equal(await render(`{{ ${NAME} | safe }}`, { extraData }), `<b>'&"`);
  assert.equal(await render(`{{ ${NAME} }}`, { extraData, autoescape: false }), `<b>'&"`);
  assert.equal(await render(`{{ ${NAME} | printable }}`, { extraData }), "&lt;b&gt;&#39;&amp;&quot;");
});

Deno.test("blocks leave no blank lines, as trim_blocks and lstrip_blocks are on", async () => {
  assert.equal(await render("a\n  {% if true %}\nb\n  {% endif %}\nc\n"), "a\nb\nc\n");
});

Deno.test("a value that steers a terminal is escaped however it is written, a template's own text is not", async () => {
  const extraData = { name: "\u001b[2J\u009b\u202ea\rb\r\nc\td" };
  for (const form of [NAME, `${NAME} | safe`, `${NAME} | e`, `${NAME} | upper | lower | safe`]) {
    assert.equal(
      (await render(`\u001b[1m{{ ${form} }}`, { extraData })).toLowerCase(),
      "\u001b[1m\\x1b[2j\\x9b\\u{202e}a\\x0db\r\nc\td",
      form,
    );
  }
  const macro =
    `{% macro show(x) %}{{ x | safe }}{% endmacro %}{% set y %}{{ show(${NAME}) }}{% endset %}{{ y }}`;
  assert.equal(/(?![\t\r\n])\p{Cc}|\p{Cf}/u.test(await render(macro, { extraData })), false);
});

Deno.test("text of a response is never taken for a template", async () => {
  const extraData = { name: "{{ 7 * 7 }}{% include 'x' %}\"); throw 1; (\"" };
  assert.equal(await render(`{{ ${NAME} }}`, { extraData, autoescape: false }), extraData.name);
});

Deno.test("a record has its own keys and Python's methods, and no way to JavaScript", async () => {
  const extra = NAME.replace(".name", "");
  const extraData = { b: 1, a: 2 };
  assert.equal(
    await render(`{% for k, v in ${extra}.items() %}{{ k }}{{ v }};{% endfor %}`, { extraData }),
    "b1;a2;",
  );
  assert.equal(
    await render(`{% for k, v in ${extra} %}{{ k }}{{ v }};{% endfor %}`, { extraData }),
    "b1;a2;",
  );
  assert.equal(
    await render(`{{ ${extra}.get("a") }}{{ ${extra}.get("x", "y") }}{{ None }}`, { extraData }),
    "2y",
  );
  assert.equal(await render(`{{ ${extra} | safe }}`, { extraData }), '{"b":1,"a":2}');
  for (
    const path of [
      `${extra}.toString`,
      `${extra}.__proto__`,
      `"".constructor`,
      `response.results.constructor`,
    ]
  ) {
    assert.equal(await render(`[{{ ${path} }}]`), "[]", path);
  }
});

Deno.test("a record whose keys are JavaScript's is written as JSON", async () => {
  const extraData = { toString: "x", valueOf: 1, toJSON: "y" };
  const extra = "response.results[0].payload_meta.extra_data";
  for (const form of [`${extra} | safe`, `${extra} | dump | safe`]) {
    assert.deepEqual(JSON.parse(await render(`{{ ${form} }}`, { extraData })), extraData);
  }
  const escaped =
    "{&quot;toString&quot;:&quot;x&quot;,&quot;valueOf&quot;:1,&quot;toJSON&quot;:&quot;y&quot;}";
  for (const form of [extra, `${extra} | e`, `${extra} | escape`]) {
    assert.equal(await render(`{{ ${form} }}`, { extraData }), escaped);
  }
});

Deno.test("bytes that are no text are seen as base64, and hex shows them", async () => {
  const response = responseOf([], { decorators: { other: Uint8Array.of(0xff, 0x00, 0x1f) } });
  const template = "{{ response.decorators.other.base64 }} {{ response.decorators.other | hex }}";
  const renderer = await createRenderer(shippedTemplate("t", template), true);
  assert.equal(renderer(response), "/wAf ff001f");
});

Deno.test("a payload's number is its place", async () => {
  const template = "{{ payload_number(response.results[0].payload_id) }} {{ payload_number('x') or 'none' }}";
  assert.equal(await render(template), "1 none");
});

for (
  const [name, template, line, reason] of [
    ["a wrong tag", "a\n\n{% if %}\n", 3, "unexpected token: %}"],
    ["an unknown tag", "a\n{% frob %}", 2, "unknown block tag: frob"],
    ["a tag that is not closed", "a\n{% for x in y %}\n b\n\n", 3, "unexpected end of file"],
    ["an expression that is not closed", "a\n\n{{ x ", 3, "expected variable end"],
    ["an unknown filter", "a\n{{ 1 | frob }}", 2, 'there is no filter "frob"'],
    [
      "a filter named like a method of JavaScript's",
      "{{ 1 | constructor }}",
      1,
      'there is no filter "constructor"',
    ],
    [
      "a block twice",
      "{% block a %}{% endblock %}\n{% block a %}{% endblock %}",
      2,
      "defined more than once",
    ],
  ] as const
) {
  Deno.test(`${name} is an error at load that names the line`, async () => {
    await assert.rejects(
      createRenderer(shippedTemplate("t", template), true),
      (error: Error & { code: string }) => {
        assert.equal(error.code, "jinja-template-invalid");
        assert.ok(
          error.message.startsWith(`Failed to read the template the shipped template "t": line ${line}: `),
        );
        assert.ok(error.message.includes(reason), error.message);
        return true;
      },
    );
  });
}

Deno.test("what fails while rendering is an error of the plugin that says why", async () => {
  await assert.rejects(render("a\n{{ response.nothing.at.all() }}"), {
    code: "jinja-render-failed",
    message: 'Failed to render the response with the shipped template "t": ' +
      'Unable to call `response["nothing"]["at"]["all"]`, which is undefined or falsey',
  });
});

Deno.test("a failure that quotes a response is short and steers no terminal", async () => {
  const extraData = { name: "\u001b[2J".repeat(1000) };
  await assert.rejects(render(`{% include ${NAME} %}`, { extraData }), (error: Error & { code: string }) => {
    assert.equal(error.code, "jinja-render-failed");
    assert.match(error.message, /template not found: \\x1b\[2J/);
    assert.equal(/\p{Cc}/u.test(error.message), false);
    return error.message.length < 700;
  });
});

Deno.test("after a failure the next response is rendered", async () => {
  const renderer = await createRenderer(
    shippedTemplate("t", "{% if response.results.length %}{{ nothing() }}{% endif %}ok"),
    true,
  );
  assert.throws(() => renderer(responseOf([payloadOf("a-1")])), { code: "jinja-render-failed" });
  assert.equal(renderer(responseOf([])), "ok");
});

for (
  const [name, template] of [
    ["values", `{% for i in range(9000) %}{{ ${NAME} }}{% endfor %}`],
    ["the template's own text", `{% for i in range(9000) %}${"x".repeat(1000)}{% endfor %}`],
    [
      "captured text that is thrown away",
      `{% for i in range(9000) %}{% set y %}${"x".repeat(1000)}{% endset %}{% endfor %}`,
    ],
    [
      "macros",
      `{% macro m() %}${"x".repeat(1000)}{% endmacro %}{% for i in range(9000) %}{{ m() }}{% endfor %}`,
    ],
  ] as const
) {
  Deno.test(`output over the limit, of ${name}, is an error`, async () => {
    await assert.rejects(render(template, { extraData: { name: "x".repeat(1000) } }), {
      code: "jinja-output-too-large",
      message:
        /^Failed to render the response: the template writes \d+ characters or more, the limit is 8000000$/,
    });
  });
}

Deno.test("output of exactly the limit is rendered, every time", async () => {
  const template = `{% for i in range(8000) %}{{ ${NAME} }}{% endfor %}`;
  const renderer = await createRenderer(shippedTemplate("t", template), true);
  const response = responseOf([payloadOf("a-1", { extraData: { name: "x".repeat(1000) } })]);
  for (let turn = 0; turn < 2; turn++) assert.equal(renderer(response).length, MAX_OUTPUT_CHARACTERS);
});

Deno.test("loops inside loops are bounded, also those that write nothing", async () => {
  const nested = "{% for a in range(1500) %}{% for b in range(1500) %}{% endfor %}{% endfor %}";
  for (
    const template of [
      nested,
      `{{ range(${MAX_LOOP_TURNS + 1}) }}`,
      "{{ range(99999999999999) }}",
      "{{ range(0, 1, 0.00000000001) }}",
    ]
  ) {
    await assert.rejects(render(template), { code: "jinja-loop-too-long" }, template);
  }
});

Deno.test("range is Python's", async () => {
  const text = "{{ range(3) }} {{ range(1, 3) }} {{ range(5, 0, -2) }} {{ range(3, 1) }} {{ range('x') }}";
  assert.equal(await render(text), "[0,1,2] [1,2] [5,3,1] [] []");
});

Deno.test("a template that includes itself for ever is an error", async () => {
  await assert.rejects(render('x{% include "t" %}'), { code: /^jinja-(?:render-failed|output-too-large)$/ });
});
