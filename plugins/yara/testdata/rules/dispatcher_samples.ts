/**
 * Samples for `rules/dispatcher.yar`: the least that each rule asks for, and the least that spoils it.
 *
 * @module
 */

import { CONTAINER_SAMPLES, TAIL_OF_ZIP, zipWith } from "./container_samples.ts";
import { EXECUTABLE_SAMPLES, OLE, PE, PNG } from "./executable_samples.ts";
import { hex, hit, join, latin1, layout, le, miss, patch, type Sample, wide, xor } from "./sample.ts";

const XDP = '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><chunk>JVBE';

const DOCUMENTS: readonly Sample[] = [
  hit("document_ole", "OLE", OLE, "0-7"),
  miss("document_ole", "OLE with another last byte", patch(OLE, { 7: hex("e2") })),
  hit("document_ole document_ole_vba", "OLE with a VBA storage", patch(OLE, { 1024: wide("_VBA_PROJECT") })),
  hit("document_ole document_ole_vba", "OLE with a VBA module", patch(OLE, { 1024: "\0Attribut\0e VB_Nam" })),
  hit(
    "document_ole document_ole_vba",
    "PowerPoint with VBA",
    patch(OLE, {
      1024: hex("02000004 0c000000 05000000 01000000 02000000"),
    }),
  ),
  miss("document_ole_vba", "OLE that mentions VBA", patch(OLE, { 1024: "_VBA_PROJECT" }), "document_ole"),
  miss(
    "document_ole_vba",
    "PowerPoint without VBA",
    patch(OLE, {
      1024: hex("02000004 0c000000 05000000 00000000 02000000"),
    }),
    "document_ole",
  ),
  miss("document_ole_vba", "VBA storage name in no OLE", join("text", wide("_VBA_PROJECT"))),
  hit("archive_zip document_ooxml", "Word document", zipWith("word/document.xml")),
  hit("archive_zip document_ooxml", "Excel document", zipWith("xl/workbook.xml")),
  hit("archive_zip document_ooxml", "PowerPoint document", zipWith("ppt/presentation.xml")),
  hit("archive_zip document_ooxml", "Visio document", zipWith("visio/document.xml")),
  miss("document_ooxml", "zip with a folder of another name", zipWith("sword/document.xml"), "archive_zip"),
  miss(
    "document_ooxml",
    "picture with a Word document",
    join(PNG, zipWith("word/document.xml")),
    "archive_zip_appended image_metadata",
  ),
  hit(
    "archive_zip document_ooxml document_ooxml_vba",
    "Word document with VBA",
    zipWith("word/vbaProject.bin"),
  ),
  hit(
    "archive_zip document_ooxml document_ooxml_vba",
    "Excel document with VBA",
    zipWith("xl/VBAPROJECT.BIN"),
  ),
  miss("document_ooxml_vba", "text about VBA in Word", "the part word/vbaProject.bin holds the VBA project"),
  miss(
    "document_ooxml_vba",
    "Word document with a printer",
    zipWith("word/vbaPrinter.bin"),
    "archive_zip document_ooxml",
  ),
  hit(
    "document_xml_vba",
    "Word 2003 XML with VBA",
    '<?xml?><?mso-application progid="Word.Document"?><w:binData>QWN0aXZlTWltZQ',
  ),
  hit("document_xml_vba", "MHTML with VBA", "MIME-Version: 1.0\r\nX: y\r\n\r\nQWN0aXZlTWltZQAAAfAEAAAA"),
  hit("document_xml_vba", "ActiveMime", "ActiveMime\0\0\x01\xf0"),
  miss("document_xml_vba", "ActiveMime in base64 in text", "the line begins with QWN0aXZlTWltZQAAAfAEAAAA"),
  miss("document_xml_vba", "ActiveMime inside", " ActiveMime\0\0\x01\xf0"),
  hit("document_rtf", "RTF", "{\\rtf1\\ansi hello}", "0-3"),
  hit("document_rtf", "RTF behind blanks", "\r\n  {\\RTF1\\ansi hello}"),
  hit("document_rtf", "RTF cut to its start", "{\\rt hello}"),
  hit("document_rtf", "RTF behind a byte order mark", "\xEF\xBB\xBF{\\rtf1\\ansi hello}"),
  miss("document_rtf", "RTF behind a letter", "x{\\rtf1\\ansi hello}"),
  miss("document_rtf", "RTF behind a page of blanks", " ".repeat(16) + "{\\rtf1\\ansi hello}"),
  hit("document_pdf", "PDF", "%PDF-1.7\n", "0-4"),
  hit("document_pdf", "PDF behind other bytes", "\0".repeat(999) + "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"),
  miss("document_pdf", "text about PDF", "The first line of a file is %PDF-1.7, then objects follow."),
  miss("document_pdf", "PDF too far in", "\0".repeat(1024) + "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"),
  hit("document_xdp", "XDP", XDP),
  miss(
    "document_xdp",
    "XDP without a chunk",
    '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template></template>',
  ),
  hit("document_xdp", "XDP behind a byte order mark", `\xEF\xBB\xBF${XDP}`),
  hit("document_xdp", "XDP behind a blank", ` ${XDP}`),
  hit("document_xdp", "XDP in UTF-16", join(hex("fffe"), wide(XDP))),
  miss("document_xdp", "text about XDP", 'use "http://ns.adobe.com/xdp/" and put the file in a <chunk>'),
  hit(
    "document_onenote",
    "OneNote section",
    layout(64, { 0: hex("e4525c7b8cd8a74daeb15378d02996d3") }),
    "0-11",
  ),
  miss(
    "document_onenote",
    "OneNote table of contents",
    layout(64, { 0: hex("a12fff43d9ef764c9ee210ea5722765f") }),
  ),
  hit("document_chm", "CHM", layout(96, { 0: "ITSF", 4: le(3, 4), 8: le(0x60, 4) }), "0-4 8-11"),
  hit("document_chm", "Help 2", layout(96, { 0: "ITOLITLS", 8: le(1, 4) }), "0-11"),
  miss("document_chm", "CHM of version 4", layout(96, { 0: "ITSF", 4: le(4, 4), 8: le(0x60, 4) })),
  hit("document_html", "HTML", "<!DOCTYPE html><title>x</title>"),
  hit("document_html", "HTML behind a comment", "<!-- saved -->\n<HTML lang=en>"),
  hit("document_html", "page fragment", "\n<script src=a.js></script>"),
  hit("document_html", "HTML behind a tab", "\t<html><title>x</title>"),
  hit("document_html", "HTML behind a blank", " <html><title>x</title>"),
  hit("document_html", "HTML behind a line end", "\r\n<html><title>x</title>"),
  hit("document_html", "HTML behind a byte order mark", "\xEF\xBB\xBF<html><title>x</title>"),
  hit("document_html", "HTML in UTF-16", join(hex("fffe"), wide("<html><body>hello"))),
  miss("document_html", "text about HTML", "A page begins with <html> and ends with </html>"),
  miss("document_html", "HTML too far in", `<!--${" ".repeat(2048)}--><html>`),
  miss("document_html", "binary with HTML", join("<html>", new Uint8Array(64))),
  hit("document_svg_script", "SVG with a script", '<svg xmlns="a"><script>go()</script></svg>'),
  miss("document_svg_script", "SVG", '<svg xmlns="a"><title>a script</title></svg>'),
  hit(
    "shortcut_lnk",
    "shortcut",
    layout(76, { 0: hex("4c000000 0114020000000000c000000000000046") }),
    "0-19",
  ),
  miss(
    "shortcut_lnk",
    "shortcut of another class",
    layout(76, { 0: hex("4c000000 0114020000000000c000000000000047") }),
  ),
  hit("shortcut_text", "internet shortcut", "[InternetShortcut]\r\nURL=http://example.org/\r\n"),
  hit("shortcut_text", "web query", "WEB\r\n1\r\nhttp://example.org/q\r\n"),
  miss(
    "shortcut_text",
    "settings with a shortcut inside",
    "a".repeat(300) + "[InternetShortcut]\r\nURL=http://example.org/",
  ),
  miss("shortcut_text", "web query without an address", "WEB\r\n1\r\nexample.org/q\r\n"),
  hit("flash_swf", "Flash", layout(64, { 0: "FWS\x06", 4: le(64, 4), 8: hex("78") })),
  hit(
    "flash_swf",
    "Flash with zlib inside",
    join("text", layout(32, { 0: "CWS\x0a", 4: le(5000, 4), 8: hex("78da") })),
  ),
  hit(
    "flash_swf",
    "Flash with LZMA",
    layout(32, { 0: "ZWS\x0d", 4: le(5000, 4), 8: le(20, 4), 12: hex("5d0000") }),
  ),
  miss(
    "flash_swf",
    "Flash longer than the payload",
    layout(64, { 0: "FWS\x06", 4: le(65, 4), 8: hex("78") }),
  ),
  miss("flash_swf", "Flash of version 64", layout(64, { 0: "FWS\x40", 4: le(64, 4), 8: hex("78") })),
  miss("flash_swf", "Flash with broken zlib", layout(32, { 0: "CWS\x0a", 4: le(5000, 4), 8: hex("78db") })),
  miss(
    "flash_swf",
    "Flash with LZMA of version 12",
    layout(32, { 0: "ZWS\x0c", 4: le(5000, 4), 8: le(20, 4), 12: hex("5d0000") }),
  ),
  miss("flash_swf", "Flash of version 0", layout(64, { 0: "FWS\0", 4: le(64, 4), 8: hex("78") })),
  miss("flash_swf", "Flash of 20 bytes", layout(64, { 0: "FWS\x06", 4: le(20, 4), 8: hex("78") })),
  miss("flash_swf", "Flash with a tiny frame", layout(64, { 0: "FWS\x06", 4: le(64, 4), 8: hex("07") })),
  miss("flash_swf", "Flash with a huge frame", layout(64, { 0: "FWS\x06", 4: le(64, 4), 8: hex("c1") })),
  miss(
    "flash_swf",
    "Flash with zlib of version 0",
    layout(32, { 0: "CWS\0", 4: le(5000, 4), 8: hex("78da") }),
  ),
  miss(
    "flash_swf",
    "Flash with zlib of version 64",
    layout(32, { 0: "CWS\x40", 4: le(5000, 4), 8: hex("78da") }),
  ),
  miss(
    "flash_swf",
    "Flash with LZMA of version 64",
    layout(32, { 0: "ZWS\x40", 4: le(5000, 4), 8: le(20, 4), 12: hex("5d0000") }),
  ),
];

const MAIL =
  "Received: from a by b\r\nFrom: a@example.org\r\nTo: b@example.org\r\nSubject: hello\r\n\r\nbody\r\n";

const JAVASCRIPT = "var a = 1;\nconsole.log(typeof a);\n";

const TEXTS: readonly Sample[] = [
  hit("mail_message", "mail", MAIL),
  hit("mail_message", "article", "Newsgroups: a.b\nFrom: a@example.org\nMESSAGE-ID: <1@a>\n\nbody\n"),
  miss(
    "mail_message",
    "two fields of a mail",
    "X-Note: a\r\nFrom: a@example.org\r\nSubject: hello\r\n\r\nbody\r\n",
  ),
  miss("mail_message", "mail behind a blank line", "\r\n" + MAIL),
  miss("mail_message", "mail behind a brace", "{" + MAIL),
  miss(
    "mail_message",
    "list of field names",
    "These fields are known to our filters, each on a line of its own, as follows\nFrom:\nTo:\nDate:\n",
  ),
  hit("mail_mbox", "mbox", `From a@example.org Mon Jun  1 04:28:28 2009\n${MAIL}`, "0-4"),
  miss("mail_mbox", "letter", "From all of us, on Mon Jun  1, greetings\nSubject of this letter: none\n"),
  miss("mail_mbox", "mbox without a date", `From a@example.org yesterday\n${MAIL}`, "mail_message"),
  hit("mail_tnef", "TNEF", layout(32, { 0: hex("789f3e22 0100 01 06900800") }), "0-3 6"),
  miss("mail_tnef", "TNEF with an unknown level", layout(32, { 0: hex("789f3e22 0100 03 06900800") })),
  hit("mail_tnef", "TNEF with an attachment first", layout(32, { 0: hex("789f3e22 0100 02 06900800") })),
  hit("script_shebang", "shell script", "#!/bin/bash\necho hello\n"),
  hit("script_shebang", "script through env", "#!/usr/bin/env python3\nprint(1)\n"),
  miss("script_shebang", "shebang of a document", "#!/usr/bin/pandoc --to=pdf\n# Hello\n"),
  miss("script_shebang", "line that only looks like a shebang", "# !/bin/bash\necho hello\n"),
  hit("script_python", "Python", "import os\n\ndef main():\n    os.getcwd()\n"),
  hit(
    "script_python",
    "Python that runs what it decodes",
    "x = 1\nexec(base64.b64decode(x)); exec(zlib.x)\nimport os\n",
  ),
  miss("script_python", "letter with an import", "import taxes\nwere def. raised, from 3 to 4 percent\n"),
  miss("script_python", "Java source", "import java.util.List;\n\nclass A {\n  void def() {}\n}\n"),
  hit("script_python", "Python program", "import os\nif __name__ == 1: os.getcwd()\n"),
  hit("script_python", "Python class", "x = 1\nfrom os import path\nclass A(B):\n    pass\n"),
  hit("script_python", "Python method", "x = 1\nfrom os import path\nx = lambda a: (self.b)\n"),
  miss("script_python", "Python without imports", "x = 1\nclass A(B):\n    def a(self):\n        pass\n"),
  miss("script_python", "imports alone", "import os\nfrom os import path\n"),
  miss(
    "script_python",
    "mail with Python",
    MAIL + "import os\n\ndef main():\n    os.getcwd()\n",
    "mail_message",
  ),
  miss("script_python", "template with Python", "<%\nimport os\n\ndef main():\n    os.getcwd()\n%>"),
  miss("script_php", "PHP of 8 bytes", "<?php 1;"),
  hit("script_php", "PHP", "<?php echo 'hello'; ?>\n"),
  miss("script_php", "XML", "<?xml version='1.0'?><php>hello</php>\n"),
  hit("script_batch", "batch file", "@ECHO OFF\r\ndir\r\n"),
  hit("script_batch", "batch file without its first line", "x\nset a=%temp%\nif exist a del a\n"),
  hit("script_batch", "one command", "cmd /c dir c:\\ > a.txt\r\n"),
  hit("script_batch", "obfuscated batch file", '@set "a=xyz"\r\n%a:~1,1%%a:~2,1%\r\n'),
  miss("script_batch", "text about batch files", "Write @echo on, then use %temp% in the next line.\n"),
  miss("script_batch", "command inside a line", "run cmd /c dir c:\\ > a.txt\r\n"),
  hit("script_powershell", "PowerShell", "param($a)\nWrite-Host $env:TEMP\n"),
  hit(
    "script_powershell",
    "PowerShell in UTF-16",
    join(hex("fffe"), wide("param($a)\nWrite-Host $env:TEMP\n")),
  ),
  miss("script_powershell", "two words of PowerShell", "Call Write-Host to print $env:TEMP, that is all.\n"),
  miss("script_powershell", "three words without a command", "$env:a [System.Text] $_.b is not a command\n"),
  hit("script_powershell", "PowerShell function", "function Get-Name {\n$env:a; $_.b }\n"),
  miss(
    "script_powershell",
    "Python with PowerShell",
    "import os\n\ndef main():\n    return 'Write-Host $env:TEMP; [System.Text]'\n",
    "script_python",
  ),
  hit("script_vbscript", "VBScript", 'Option Explicit\nDim a\nSet a = CreateObject("A.B")\n'),
  hit("script_vbscript", "VBA module", 'Attribute VB_Name = "Module1"\r\nSub A()\r\nEnd Sub\r\n'),
  miss("script_vbscript", "two idioms of VBScript", "text\nDim a\nSet a = b\n"),
  miss(
    "script_vbscript",
    "page with VBScript",
    "<script>\nDim a\nSet a = CreateObject(1)\n</script>",
    "document_html",
  ),
  miss(
    "script_vbscript",
    "Python with VBScript",
    "import os\n\ndef main():\n    return 'CreateObject(1) On Error Resume Next WScript.Echo'\n",
    "script_python",
  ),
  miss("script_vbscript", "VBA module quoted in text", `${"x".repeat(80)}\nAttribute VB_Name = "Module1"\n`),
  hit("document_html script_windows_host", "HTML application", "<html><hta:application id=a>"),
  hit("script_windows_host", "HTML application without a page", "\r\r<HTA:Application id=a>"),
  hit("script_windows_host", "script file", '<job id="a"><script language="VBScript">x</script></job>'),
  hit(
    "script_windows_host",
    "scriptlet",
    '<scriptlet><registration progid="a"/><script language="JScript">x</script></scriptlet>',
  ),
  miss(
    "script_windows_host",
    "XML job without a script",
    '<job id="a"><step language="VBScript">x</step></job>',
  ),
  hit("script_encoded", "encoded script", "#@~^DAAAAA==ABCDEFGH==^#~@"),
  miss("script_encoded", "half an encoded script", "#@~^DAAAAA==ABCDEFGH"),
  hit("script_javascript", "JavaScript", "var a = 1;\nconsole.log(typeof a);\n"),
  hit("script_javascript", "JScript", 'var a = new ActiveXObject("A.B");\n'),
  miss(
    "script_javascript",
    "one idiom of JavaScript",
    "The function (as we call it) has a prototype, see a === b.\n",
  ),
  miss("script_javascript", "mail with JavaScript", MAIL + JAVASCRIPT, "mail_message"),
  miss(
    "script_javascript",
    "mbox with JavaScript",
    `From a@example.org Mon Jun  1 04:28:28 2009\n${MAIL}${JAVASCRIPT}`,
    "mail_mbox",
  ),
  miss(
    "script_javascript",
    "VBScript with JavaScript",
    `Option Explicit\nDim a\nSet a = CreateObject(1)\n${JAVASCRIPT}`,
    "script_vbscript",
  ),
  miss(
    "script_javascript",
    "PowerShell with JavaScript",
    `param($a)\nWrite-Host $env:TEMP\n${JAVASCRIPT}`,
    "script_powershell",
  ),
  miss("script_javascript", "batch file with JavaScript", `@echo off\n${JAVASCRIPT}`, "script_batch"),
  miss(
    "script_javascript",
    "Python with JavaScript",
    `import os\n\ndef main():\n    pass\n${JAVASCRIPT}`,
    "script_python",
  ),
  miss("script_javascript", "PHP with JavaScript", ` <?php echo 1; ?>\n${JAVASCRIPT}`, "script_php"),
  miss(
    "script_javascript",
    "page with JavaScript",
    "<html><script>var a = window.b; console.log(a)</script>",
    "document_html",
  ),
  miss(
    "script_javascript",
    "binary with JavaScript",
    join("var a = 1; console.log(typeof a);", new Uint8Array(64)),
  ),
];

/** Rules that want text, all of it. */
const OF_TEXT = "document_html document_svg_script mail_message script_python script_php script_batch " +
  "script_powershell script_vbscript script_windows_host script_javascript";

const BINARIES: readonly Sample[] = OF_TEXT.split(" ").flatMap((rule) => {
  const { content } = [...DOCUMENTS, ...TEXTS].find((sample) => sample.rules.join() === rule)!;
  return [
    miss(rule, `NULs behind what ${rule} wants`, join(content, " ".repeat(120), new Uint8Array(2000))),
    miss(
      rule,
      `NUL in what ${rule} wants`,
      join(content, " ".repeat(105 - content.length), "\0", " ".repeat(9999)),
    ),
  ];
});

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const ENCODED_PE = base64(PE);

const ENCODED: readonly Sample[] = [
  hit("encoded_xor_pe", "program under a key", xor(join(PE, "!"), 0x21)),
  hit("encoded_xor_pe", "stub text under another key", join("some text", xor("This program", 0xFF))),
  miss("encoded_xor_pe", "stub text in plain", "some text This program"),
  miss("encoded_xor_pe", "stub text under two keys", join(xor("This pro", 0x21), xor("gram", 0x22))),
  hit("encoded_base64", "program in base64", ENCODED_PE),
  hit("encoded_base64", "program in base64 lines", ENCODED_PE.replace(/.{76}/g, "$&\r\n")),
  hit("encoded_base64", "zip in base64", base64(TAIL_OF_ZIP) + "\n"),
  miss(
    "encoded_base64",
    "base64 with a sentence behind",
    ENCODED_PE + " this was a program, and here is the rest of the mail",
  ),
  miss("encoded_base64", "base64 as the value of a string", ENCODED_PE + '";'),
  hit("encoded_base64", "program in short base64 lines", ENCODED_PE.replace(/.{4}/g, "$&\n")),
  miss("encoded_base64", "base64 with braces behind", ENCODED_PE + "}".repeat(40) + "AAAA"),
  miss("encoded_base64", "base64 with one brace behind", ENCODED_PE + "}"),
  miss("encoded_base64", "base64 of something else", base64(latin1("just a text ".repeat(20)))),
  miss("encoded_base64", "short base64", ENCODED_PE.slice(0, 60)),
  hit("image_metadata", "JPEG", layout(64, { 0: hex("ffd8ffe1") }), "0-2"),
  hit("image_metadata", "PNG", PNG, "0-7"),
  hit("image_metadata", "GIF", layout(64, { 0: "GIF89a" }), "0-5"),
  hit("image_metadata", "TIFF, Intel", layout(64, { 0: hex("49492a00") }), "0-3"),
  hit("image_metadata", "TIFF, Motorola", layout(64, { 0: hex("4d4d002a") }), "0-3"),
  hit("image_metadata", "WebP", layout(64, { 0: "RIFF", 8: "WEBP" }), "0-3 8-11"),
  hit("image_metadata", "Photoshop", layout(64, { 0: hex("38425053 0001") }), "0-5"),
  hit("image_metadata", "HEIF", layout(64, { 3: hex("18"), 4: "ftypheic" }), "4-11"),
  miss("image_metadata", "sound in RIFF", layout(64, { 0: "RIFF", 8: "WAVE" })),
  miss("image_metadata", "film", layout(64, { 3: hex("18"), 4: "ftypisom" })),
  miss("image_metadata", "GIF of 1988", layout(64, { 0: "GIF88a" })),
  hit("image_metadata", "GIF of 1987", layout(64, { 0: "GIF87a" })),
  miss("image_metadata", "Photoshop 3", layout(64, { 0: hex("38425053 0003") })),
];

/** All samples. */
export const DISPATCHER_SAMPLES: readonly Sample[] = [
  ...CONTAINER_SAMPLES,
  ...EXECUTABLE_SAMPLES,
  ...DOCUMENTS,
  ...TEXTS,
  ...BINARIES,
  ...ENCODED,
];
