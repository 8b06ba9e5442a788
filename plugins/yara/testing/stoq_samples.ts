/**
 * Samples for `rules/stoq.yar`. Texts are rotated by 13 places, so that these
 * sources do not set off scanners.
 *
 * @module
 */

import { hex, hit, join, layout, le, miss, patch, rot13, type Sample, wide } from "./rule_sample.ts";
import { TEXT_SAMPLES } from "./text_samples.ts";

const OLE = layout(2048, { 0: hex("d0cf11e0a1b11ae1") });
const STUB = "This program cannot be run in DOS mode.\r\r\n$";
/** One section, at 512, of 512 bytes. */
const PE = layout(1024, {
  0: "MZ",
  0x3C: le(128, 4),
  128: "PE\0\0",
  134: le(1, 2),
  148: le(224, 2),
  152: le(0x10B, 2),
  392: le(512, 4),
  396: le(512, 4),
});
const PE64 = patch(PE, {
  148: le(240, 2),
  152: le(0x20B, 2),
  280: le(16, 4),
  408: le(512, 4),
  412: le(512, 4),
});

/** All samples. */
export const STOQ_SAMPLES: readonly Sample[] = [
  hit(
    "vba_compressed_runs_at_open",
    "document with a macro",
    patch(OLE, { 1024: "\0Attribut\0e VB_Nam", 1200: rot13("Qbphzrag_Bcra"), 1300: rot13("JFpevcg.Furyy") }),
  ),
  miss(
    "vba_compressed_runs_at_open",
    "document with a harmless macro",
    patch(OLE, { 1024: "\0Attribut\0e VB_Nam", 1200: rot13("Qbphzrag_Bcra"), 1300: rot13("ZftObk") }),
  ),
  miss(
    "vba_compressed_runs_at_open",
    "macro in no document",
    join("text", "\0Attribut\0e VB_Nam", rot13("Qbphzrag_Bcra JFpevcg.Furyy")),
  ),
  hit(
    "shortcut_runs_interpreter",
    "shortcut to PowerShell",
    layout(400, {
      0: hex("4c000000 0114020000000000c000000000000046"),
      20: hex("21"),
      200: wide(rot13("CbjreFuryy.rkr -p n")),
    }),
    "0-7",
  ),
  hit(
    "shortcut_runs_interpreter",
    "shortcut to a command",
    layout(400, {
      0: hex("4c000000 0114020000000000c000000000000046"),
      20: hex("21"),
      200: wide(rot13(" /p fgneg n")),
    }),
  ),
  miss(
    "shortcut_runs_interpreter",
    "shortcut to PowerShell without arguments",
    layout(400, {
      0: hex("4c000000 0114020000000000c000000000000046"),
      20: hex("01"),
      200: wide(rot13("CbjreFuryy.rkr")),
    }),
  ),
  miss(
    "shortcut_runs_interpreter",
    "shortcut to a text",
    layout(400, {
      0: hex("4c000000 0114020000000000c000000000000046"),
      20: hex("21"),
      200: wide(rot13("abgrcnq.rkr n.gkg")),
    }),
  ),
  hit(
    "pdf_javascript",
    "PDF with JavaScript",
    rot13("%CQS-1.7\n1 0 bow <</F /WninFpevcg /WF (ncc.nyreg\\(1\\))>> raqbow"),
  ),
  miss(
    "pdf_javascript",
    "PDF that mentions JavaScript",
    rot13("%CQS-1.7\n1 0 bow <</Gvgyr (nobhg WninFpevcg naq WF)>> raqbow"),
  ),
  miss("pdf_javascript", "text about JavaScript in PDF", rot13("jevgr /F /WninFpevcg /WF (ncc.nyreg)")),
  hit(
    "pdf_acts_by_itself",
    "PDF that launches",
    rot13("%CQS-1.7\n1 0 bow <</BcraNpgvba <</F /Ynhapu /S (n)>>>> raqbow"),
  ),
  miss(
    "pdf_acts_by_itself",
    "PDF that opens at a page",
    rot13("%CQS-1.7\n1 0 bow <</BcraNpgvba [3 0 E /Svg]>> raqbow"),
  ),
  miss(
    "pdf_acts_by_itself",
    "PDF with a link that launches",
    rot13("%CQS-1.7\n1 0 bow <</N <</F /Ynhapu /S (n)>>>> raqbow"),
  ),
  hit(
    "pdf_embedded_program",
    "PDF with a program",
    rot13("%CQS-1.7\n1 0 bow <</Glcr /Svyrfcrp /S (n.rkr) /RS <</S 2 0 E>>>> <</Glcr /RzorqqrqSvyr>> raqbow"),
  ),
  miss(
    "pdf_embedded_program",
    "PDF with a picture",
    rot13("%CQS-1.7\n1 0 bow <</Glcr /Svyrfcrp /S (n.cat) /RS <</S 2 0 E>>>> <</Glcr /RzorqqrqSvyr>> raqbow"),
  ),
  miss(
    "pdf_embedded_program",
    "PDF that mentions a program",
    rot13("%CQS-1.7\n1 0 bow <</Gvgyr (frghc.rkr)>> raqbow"),
  ),
  hit(
    "rtf_equation_object",
    "RTF with an equation",
    rot13("{\\egs1{\\bowrpg\\bowrzo{\\*\\bowpynff Rdhngvba.3}}}"),
  ),
  hit(
    "rtf_equation_object",
    "RTF with the class of equations",
    rot13("{\\eg{\\bowrpg\\bowqngn 0100 02pr020000000000p000000000000046}}"),
    "0-3",
  ),
  miss(
    "rtf_equation_object",
    "RTF that mentions equations",
    rot13("{\\egs1{\\bowrpg\\bowrzo{\\*\\bowpynff Rkpry.Furrg.8}} Rdhngvba.3}"),
  ),
  miss("rtf_equation_object", "equation class in text", rot13("\\bowqngn 02pr020000000000p000000000000046")),
  hit(
    "rtf_object_updates_itself",
    "RTF with an updating object",
    rot13("{\\egs1{\\bowrpg\\bownhgyvax\\bowhcqngr{\\*\\bowqngn 0105}}}"),
    "0-3",
  ),
  miss(
    "rtf_object_updates_itself",
    "RTF with an object",
    rot13("{\\egs1{\\bowrpg\\bowrzo{\\*\\bowqngn 0105}}}"),
  ),
  hit(
    "rtf_package_with_program",
    "RTF with a packaged script",
    rot13("{\\egs1{\\bowrpg{\\*\\bowqngn 5061636o61676500612r76627300}}}"),
  ),
  hit(
    "rtf_package_with_program",
    "RTF with a program",
    rot13("{\\egs1{\\bowrpg{\\*\\bowqngn 4q5n90000300000004000000ssss}}}"),
    "0-3",
  ),
  miss(
    "rtf_package_with_program",
    "RTF with a packaged picture",
    rot13("{\\egs1{\\bowrpg{\\*\\bowqngn 5061636o61676500612r706r6700}}}"),
  ),
  hit("ole_equation_object", "OLE with an equation", patch(OLE, { 1024: wide("Equation Native") }), "0-3"),
  miss("ole_equation_object", "OLE that mentions equations", patch(OLE, { 1024: "Equation Native" })),
  hit(
    "ole_package_with_program",
    "OLE with a packaged program",
    patch(OLE, { 1024: wide("\x01Ole10Native"), 1100: rot13("n.rkr\u0000") }),
    "0-3",
  ),
  miss(
    "ole_package_with_program",
    "OLE with a packaged text",
    patch(OLE, { 1024: wide("\x01Ole10Native"), 1100: rot13("n.gkg\u0000") }),
  ),
  miss("ole_package_with_program", "OLE that mentions a program", patch(OLE, { 1100: rot13("n.rkr\u0000") })),
  hit("office_dde_command", "DDE field", rot13('QQRNHGB p:\\\\jvaqbjf\\\\flfgrz32\\\\pzq.rkr "/x pnyp"')),
  hit("office_dde_command", "DDE formula", rot13("anzr,=pzq|'/p pnyp'!N0")),
  miss("office_dde_command", "DDE field for a sheet", rot13('QQRNHGB "Furrg1" "E1P1"')),
  miss(
    "office_dde_command",
    "program far from DDE",
    rot13(
      'QQR "k"                                                                                                                                  pzq.rkr',
    ),
  ),
  hit(
    "office_remote_template",
    "template by address",
    rot13(
      '<Eryngvbafuvcf kzyaf="uggc://fpurznf.bcrakzysbezngf.bet/cnpxntr/2006/eryngvbafuvcf"><Eryngvbafuvc Vq="1" Glcr="k/frggvatf" Gnetrg="n.kzy"/><Eryngvbafuvc Vq="2" Glcr="k/nggnpurqGrzcyngr" Gnetrg="uggcf://rknzcyr.bet/n.qbgz"/></Eryngvbafuvcf>',
    ),
  ),
  hit(
    "office_remote_template",
    "template by address, another order",
    rot13(
      '<Eryngvbafuvcf kzyaf="uggc://fpurznf.bcrakzysbezngf.bet/cnpxntr/2006/eryngvbafuvcf"><Eryngvbafuvc Gnetrg="uggc://rknzcyr.bet/" Glcr="k/byrBowrpg"/></Eryngvbafuvcf>',
    ),
  ),
  miss(
    "office_remote_template",
    "link beside a local template",
    rot13(
      '<Eryngvbafuvcf kzyaf="uggc://fpurznf.bcrakzysbezngf.bet/cnpxntr/2006/eryngvbafuvcf"><Eryngvbafuvc Vq="1" Glcr="k/nggnpurqGrzcyngr" Gnetrg="svyr:///P:/n.qbgz"/><Eryngvbafuvc Vq="2" Glcr="k/ulcreyvax" Gnetrg="uggcf://rknzcyr.bet/n"/></Eryngvbafuvcf>',
    ),
  ),
  miss(
    "office_remote_template",
    "link before a local template",
    rot13(
      '<Eryngvbafuvcf kzyaf="uggc://fpurznf.bcrakzysbezngf.bet/cnpxntr/2006/eryngvbafuvcf"><Eryngvbafuvc Vq="1" Glcr="k/ulcreyvax" Gnetrg="uggcf://rknzcyr.bet/n"/><Eryngvbafuvc Vq="2" Glcr="k/nggnpurqGrzcyngr" Gnetrg="n.qbgz"/></Eryngvbafuvcf>',
    ),
  ),
  hit(
    "onenote_embedded_program",
    "OneNote with a script",
    layout(400, {
      0: hex("e4525c7b8cd8a74daeb15378d02996d3"),
      100: hex("e716e3bd65261145a4c48d4d0b7a9eac"),
      200: wide(rot13("n.ugn\u0000")),
    }),
    "0-3",
  ),
  miss(
    "onenote_embedded_program",
    "OneNote with a picture",
    layout(400, {
      0: hex("e4525c7b8cd8a74daeb15378d02996d3"),
      100: hex("e716e3bd65261145a4c48d4d0b7a9eac"),
      200: wide(rot13("n.cat\u0000")),
    }),
  ),
  miss(
    "onenote_embedded_program",
    "OneNote that mentions a script",
    layout(400, {
      0: hex("e4525c7b8cd8a74daeb15378d02996d3"),
      100: hex("00"),
      200: wide(rot13("n.ugn\u0000")),
    }),
  ),
  hit(
    "disc_image_with_shortcut",
    "ISO with a shortcut",
    layout(0x8900, { 0x8000: "\x01CD001\x01", 0x8800: rot13("N.YAX;1") }),
    "32769-32772",
  ),
  hit(
    "disc_image_with_shortcut",
    "ISO with a long shortcut name",
    layout(0x8900, { 0x8000: "\x01CD001\x01", 0x8800: join("\0a", hex("002e 006c 006e 006b")) }),
  ),
  miss(
    "disc_image_with_shortcut",
    "ISO with a text",
    layout(0x8900, { 0x8000: "\x01CD001\x01", 0x8800: rot13("N.GKG;1") }),
  ),
  miss("disc_image_with_shortcut", "shortcut name in no ISO", rot13("gur yvfg unf N.YAX;1 va vg")),
  hit(
    "name_with_double_extension",
    "mail with a disguised program",
    rot13('Pbagrag-Qvfcbfvgvba: nggnpuzrag; svyranzr="vaibvpr.cqs.rkr"\r\n'),
  ),
  hit(
    "name_with_double_extension",
    "zip with a disguised script",
    join(
      "PK\x03\x04",
      new Uint8Array(26),
      "PK\x01\x02",
      new Uint8Array(42),
      rot13("cubgb.wct        .wf"),
      "ux",
    ),
  ),
  miss(
    "name_with_double_extension",
    "mail with an archive",
    rot13('Pbagrag-Qvfcbfvgvba: nggnpuzrag; svyranzr="vaibvpr.cqs.mvc"\r\n'),
  ),
  miss(
    "name_with_double_extension",
    "mail with a source file",
    rot13('Pbagrag-Qvfcbfvgvba: nggnpuzrag; svyranzr="ercbeg.ugzy.wfba"\r\n'),
  ),
  miss(
    "name_with_double_extension",
    "text about such names",
    rot13("pnyy vg vaibvpr.cqs.rkr naq fraq vg\r\n"),
  ),
  hit(
    "pe_packed_upx",
    "packed program",
    patch(PE, { 400: join("UPX0\0\0\0\0", new Uint8Array(32), "UPX1\0\0\0\0") }),
    "0-1 128-131",
  ),
  miss(
    "pe_packed_upx",
    "program with one such section",
    patch(PE, { 400: join("UPX0\0\0\0\0", new Uint8Array(32), "UPX2\0\0\0\0") }),
  ),
  miss(
    "pe_packed_upx",
    "program that knows the names",
    join(PE, new Uint8Array(1500), "UPX0\0\0\0\0", "UPX1\0\0\0\0"),
  ),
  hit("pe_overlay", "program with an overlay", join(PE, new Uint8Array(4097)), "0-1 128-131"),
  miss("pe_overlay", "program with little behind it", join(PE, new Uint8Array(4096))),
  miss("pe_overlay", "signed program", join(patch(PE, { 280: le(1024, 4) }), new Uint8Array(4097))),
  hit("pe_in_text", "program in base64", join('var a = "', btoa("x" + STUB), '"')),
  hit("pe_in_text", "program in hexadecimal", rot13("546869732070726s6772616q2063616r6r6s742062652072756r")),
  hit("pe_in_text", "program in numbers", rot13("hafvtarq pune n[] = { 0k4q, 0k5n, 0k90, 0k00, 0k03, 0k00")),
  hit("pe_in_text", "program in escapes", rot13('f = "\\k4q\\k5n\\k90\\k00\\k03\\k00"')),
  miss(
    "pe_in_text",
    "numbers of a picture",
    rot13("hafvtarq pune n[] = { 0k42, 0k4q, 0k90, 0k00, 0k03, 0k00"),
  ),
  miss(
    "pe_in_text",
    "half of the stub text in base64",
    btoa("This program cannot be opened in this version of Windows"),
  ),
  hit(
    "document_with_program",
    "OLE with a program as it is",
    join(OLE, layout(78, { 0: "MZ" }), STUB),
    "0-3",
  ),
  miss("document_with_program", "program behind text", join("just text", layout(78, { 0: "MZ" }), STUB)),
  miss("document_with_program", "OLE with the stub text alone", join(OLE, STUB)),
  miss(
    "pdf_acts_by_itself",
    "text about actions of a PDF",
    rot13("jevgr <</BcraNpgvba <</F /Ynhapu /S (n)>>>>"),
  ),
  miss(
    "rtf_object_updates_itself",
    "text about objects of an RTF",
    rot13("jevgr {\\bowrpg\\bownhgyvax\\bowhcqngr{\\*\\bowqngn 0105}}"),
  ),
  miss("ole_equation_object", "equation stream in no OLE", join("text", wide("Equation Native"))),
  miss(
    "ole_package_with_program",
    "package stream in no OLE",
    join("text", wide("\x01Ole10Native"), rot13("n.rkr\u0000")),
  ),
  miss(
    "onenote_embedded_program",
    "OneNote attachment in no OneNote",
    join("text", hex("e716e3bd65261145a4c48d4d0b7a9eac"), wide(rot13("n.ugn\u0000"))),
  ),
  miss(
    "name_with_double_extension",
    "zip entry in something else",
    join("text", "PK\x01\x02", new Uint8Array(42), rot13("cubgb.wct        .wf"), "ux"),
  ),
  hit("pe_overlay", "program of 64 bits with an overlay", join(PE64, new Uint8Array(4097))),
  miss(
    "pe_overlay",
    "signed program of 64 bits",
    join(patch(PE64, { 296: le(1024, 4) }), new Uint8Array(4097)),
  ),
  miss(
    "pe_overlay",
    "program of an unknown kind",
    join(patch(PE, { 152: le(0x107, 2) }), new Uint8Array(4097)),
  ),
  miss("pe_overlay", "program without sections", join(patch(PE, { 134: le(0, 2) }), new Uint8Array(4097))),
  miss("pe_overlay", "program with 97 sections", join(patch(PE, { 134: le(97, 2) }), new Uint8Array(9000))),
  hit(
    "document_with_program",
    "PDF with a program as it is",
    join("%PDF-1.7", layout(78, { 0: "MZ" }), STUB),
  ),
  hit("document_with_program", "RTF with a program as it is", join("{\\rtf1", layout(78, { 0: "MZ" }), STUB)),
  hit(
    "document_with_program",
    "OneNote section with a program as it is",
    join(hex("e4525c7b"), layout(78, { 0: "MZ" }), STUB),
  ),
  hit(
    "document_with_program",
    "PNG with a program as it is",
    join(hex("89504e47"), layout(78, { 0: "MZ" }), STUB),
  ),
  hit(
    "document_with_program",
    "JPEG with a program as it is",
    join(hex("ffd8ffe0"), layout(78, { 0: "MZ" }), STUB),
  ),
  hit("document_with_program", "GIF with a program as it is", join("GIF89a", layout(78, { 0: "MZ" }), STUB)),
  miss(
    "pdf_acts_by_itself",
    "PDF mark behind actions",
    rot13(
      "<</BcraNpgvba <</F /Ynhapu /S (n)>>>>                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                %CQS-1.7",
    ),
  ),
  hit("archive_ace", "ACE", layout(64, { 7: "**ACE**" }), "7-13"),
  miss("archive_ace", "ACE mark one byte early", layout(64, { 6: "**ACE**" })),
  ...TEXT_SAMPLES,
];
