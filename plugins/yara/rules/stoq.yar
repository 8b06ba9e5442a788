/*
  A starter set of detection rules, so that the yara worker says something useful before anybody has installed a rule
  set of their own.

  meta.severity   info: a fact worth knowing; low: unusual, often harmless; medium: look at it;
                  high: hardly ever seen in good files
  meta.reference  where the technique or the format is described

  Technique, not family: no rule here is about one piece of malware. Patterns are written so that this file does not
  contain the text that it looks for. The rules compile without a warning on YARA 4.2 and on YARA-X. A payload made of
  nothing but the beginning of a pattern must not stop the scan, so there are no long gaps in regular expressions:
  what belongs together is two patterns and a condition on their distance, over a bounded number of hits.
*/

/* ------------------------------------------------------------- test files */

rule eicar_test_file {
  meta:
    description = "EICAR's harmless test file for scanners"
    severity = "info"
    reference = "https://www.eicar.org/download-anti-malware-testfile/"
  strings:
    $eicar = /X5O!P%@AP\[4\\PZX54\(P\^\)7CC\)7\}\$EICAR[-]STANDARD[-]ANTIVIRUS[-]TEST/
  condition:
    $eicar
}

/* ------------------------------------------------------------- PowerShell */

rule powershell_encoded_command {
  meta:
    description = "PowerShell started with a base64 command"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1059/001/"
  strings:
    $program1 = "powershell" nocase ascii wide
    $program2 = "pwsh" nocase ascii wide
    $option1 = " -e" nocase ascii wide
    $option2 = " /e" nocase ascii wide
    $encoded = /[ "'](JAB|SQB|aQB|KAB|WwB|cwB|UwB|IAB|dwB|cAB|UAB|YwB|ZgB|LgB|JgB|bgB|TgB|RwB|VwB|RQB|CgA|DQA|IwA|ewB|fAB|QQB|YQB|dAB|VAB)[A-Za-z0-9+\/]{17}/ ascii wide
  condition:
    $encoded and ($program1 or $program2) and for any i in (1..32) : (
      ($program1 in (@encoded[i] - 400..@encoded[i]) or $program2 in (@encoded[i] - 400..@encoded[i])) and
      ($option1 in (@encoded[i] - 40..@encoded[i]) or $option2 in (@encoded[i] - 40..@encoded[i])))
}

rule powershell_download_cradle {
  meta:
    description = "PowerShell that runs what it downloads"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1105/"
  strings:
    $run1 = "Invoke-Expression" nocase ascii wide
    $run2 = "IEX(" nocase ascii wide
    $run3 = "IEX (" nocase ascii wide
    $run4 = "IEX $" nocase ascii wide
    $run5 = "|IEX" nocase ascii wide
    $run6 = "| IEX" nocase ascii wide
    $get1 = ".DownloadString(" nocase ascii wide
    $get2 = ".DownloadData(" nocase ascii wide
    $get3 = "Invoke-WebRequest " nocase ascii wide
    $get4 = "Invoke-RestMethod " nocase ascii wide
    $get5 = "iwr http" nocase ascii wide
    $get6 = "irm http" nocase ascii wide
    $get7 = "iwr -u" nocase ascii wide
    $file1 = ".DownloadFile(" nocase ascii wide
    $file2 = "Start-BitsTransfer" nocase ascii wide
    $start = /\b(Start-Process|Invoke-Item|rundll32)\b/ nocase ascii wide
    $client = "Net.WebClient" nocase ascii wide
  condition:
    (any of ($run*) and any of ($get*)) or ($client and any of ($file*) and $start)
}

rule powershell_hidden_window {
  meta:
    description = "PowerShell started out of sight and without execution policy or profile"
    severity = "medium"
    reference = "https://attack.mitre.org/techniques/T1564/003/"
  strings:
    $powershell = "powershell" nocase ascii wide
    $hidden = /[\-\/]w[indowstyle]{0,10}[ \t:]{1,4}["']?hidden/ nocase ascii wide
    $bypass = /[\-\/](ep|ex[ecutionpolicy]{0,13})[ \t:]{1,4}["']?(bypass|unrestricted)/ nocase ascii wide
    $profile = /[\-\/]nop[rofile]{0,6}\b/ nocase ascii wide
  condition:
    $powershell and $hidden and ($bypass or $profile)
}

rule powershell_loads_from_memory {
  meta:
    description = "PowerShell that loads an assembly or code from a decoded string"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1620/"
  strings:
    $load = /Reflection\.Assembly\]?(::|\.)Load\(/ nocase ascii wide
    $alloc = "VirtualAlloc" ascii wide
    $delegate = "GetDelegateForFunctionPointer" nocase ascii wide
    $decode = "FromBase64String(" nocase ascii wide
    $inflate = /IO\.Compression\.(Gzip|Deflate)Stream/ nocase ascii wide
    $language1 = "New-Object " nocase ascii wide
    $language2 = "[Convert]::" nocase ascii wide
    $language3 = "[System." nocase ascii wide
  condition:
    uint16be(0) != 0x4D5A and any of ($language*) and ($decode or $inflate) and ($load or ($alloc and $delegate))
}

/* -------------------------------------------------- scripts of Windows' host */

rule jscript_dropper {
  meta:
    description = "JScript that writes a file or runs a command through ActiveX"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1059/007/"
  strings:
    $activex = /new ActiveX[O]bject ?\(/ nocase ascii wide
    $wscript = /WScript\.Create[O]bject ?\(/ nocase ascii wide
    $shell = /["'](WScript\.Shell|Shell\.Application)["']/ nocase ascii wide
    $stream = /["']ADODB\.Stream["']/ nocase ascii wide
    $http = /["'](MSXML2\.(Server)?XMLHTTP(\.[0-9]\.0)?|Microsoft\.XMLHTTP|WinHttp\.WinHttpRequest\.5\.1)["']/ nocase ascii wide
    $run = /\.(Run|Exec|ShellExecute) ?\(/ nocase ascii wide
    $save = /\.SaveToFile ?\(/ nocase ascii wide
    $code = /(\bvar [a-z_$]|\bfunction ?[a-z_$]{0,40}\(|\btry ?\{|\};)/ nocase ascii wide
  condition:
    ($activex or $wscript) and $code and (($shell and $run) or ($stream and $save) or ($http and ($shell or $save)))
}

rule vbscript_downloader {
  meta:
    description = "VBScript or VBA that downloads, and saves or runs"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1059/005/"
  strings:
    $create = /Create[O]bject ?\(/ nocase ascii wide
    $http = /"(MSXML2\.(Server)?XMLHTTP(\.[0-9]\.0)?|Microsoft\.XMLHTTP|WinHttp\.WinHttpRequest\.5\.1)"/ nocase ascii wide
    $urlmon = /URLDownload[T]oFile/ nocase ascii wide
    $save = /\.SaveToFile ?\(?[ a-z"]/ nocase ascii wide
    $run = /(\.(Run|Exec|ShellExecute)[ (]|\bShell[ (]|\bCreate[P]rocess)/ nocase ascii wide
    $language = /\n[ \t]{0,16}(Set [a-z_]{1,40} ?=|Dim [a-z_]|End (Sub|If|Function)|Private Declare|Attribute VB_)/ nocase
  condition:
    $language and (($create and $http and ($save or $run)) or ($urlmon and $run))
}

rule vba_runs_at_open {
  meta:
    description = "VBA source with a procedure that runs by itself and a way out of the document"
    severity = "medium"
    reference = "https://learn.microsoft.com/en-us/office/vba/word/concepts/customizing-word/auto-macros"
  strings:
    $auto = /\bSub (Auto_?(Open|Close|Exec|New|Exit)|Document_(Open|Close|New|BeforeClose)|Workbook_(Open|Activate|BeforeClose))\b/ nocase
    $shell = /\b(Shell|ShellExecute[AW]?)[ (]{1,2}["a-z]/ nocase
    $create = /(Create|Get)Object\(["a-z]/ nocase
    $declare = /Declare (PtrSafe )?(Function|Sub) [a-z0-9_]{1,40} Lib "/ nocase
    $environ = /\bEnviron\$?\("/ nocase
  condition:
    $auto and any of ($shell, $create, $declare, $environ)
}

rule vba_compressed_runs_at_open {
  meta:
    description = "Office file with VBA whose visible tokens name an automatic procedure and a shell or a download"
    severity = "medium"
    reference = "https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-ovba/4742b896-b32b-4eb0-8372-fbf01e3c65fd"
  strings:
    $module = { 00 41 74 74 72 69 62 75 74 00 65 20 56 42 }
    $auto = /(Auto_?Open|Document_?Open|Workbook_?Open|AutoExec|Auto_?Close|DocumentOpen)/ nocase
    $out = /(WScript\.Shell|Shell\.Application|URLDownload[T]oFile|XMLHTTP|ADODB\.Stream|powershell|cmd\.exe|ShellExecute|Win32_Process)/ nocase
  condition:
    uint32be(0) == 0xD0CF11E0 and all of them
}

rule script_host_container_runs_command {
  meta:
    description = "HTML application, Windows script file or scriptlet that starts programs"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1218/005/"
  strings:
    $hta = "<hta:application" nocase ascii wide
    $wsf = /<(job|package|scriptlet)[ >]/ nocase ascii wide
    $script = /<script[ >]/ nocase ascii wide
    $host = /["'](WScript\.Shell|Shell\.Application|Scripting\.FileSystem[O]bject)["']/ nocase ascii wide
    $run = /\.(Run|Exec|ShellExecute|CreateTextFile)[ (]/ nocase ascii wide
  condition:
    ($hta or $wsf) and $script and $host and $run
}

rule signed_binary_runs_remote_script {
  meta:
    description = "Signed program of Windows (regsvr32, mshta, rundll32, msiexec, msdt) called with a script or package from elsewhere"
    severity = "high"
    reference = "https://lolbas-project.github.io/"
  strings:
    $regsvr = "regsvr32" nocase ascii wide
    $scriptlet = "scrobj" nocase ascii wide
    $from = /\/i:["']?(https?:|ftp:|file:|\\\\)/ nocase ascii wide
    $mshta = /\bmshta(\.exe)?["']?[ \t]{1,4}["']?(https?:|vbscript:|javascript:|\\\\)/ nocase ascii wide
    $rundll = /rundll32(\.exe)?["']?[ \t]{1,4}["']?(javascript:|\\\\[a-z0-9])/ nocase ascii wide
    $msiexec = /msiexec(\.exe)?["']?[ \t]{1,4}(\/q[nb]?[ \t]{1,4})?\/(i|package)[ \t]{1,4}["']?https?:/ nocase ascii wide
    $msdt = "ms-msdt:" nocase ascii wide
    $troubleshooter = /(IT_BrowseForFile|IT_RebrowseForFile|PCWDiagnostic)/ nocase ascii wide
  condition:
    $mshta or $rundll or $msiexec or ($msdt and $troubleshooter) or ($regsvr and $scriptlet and $from)
}

rule signed_binary_downloads {
  meta:
    description = "certutil, bitsadmin or curl used to fetch or decode a program"
    severity = "medium"
    reference = "https://lolbas-project.github.io/"
  strings:
    $certutil = "certutil" nocase ascii wide
    $certutil_option = / [\-\/](urlcache|verifyctl|decode|decodehex) / nocase ascii wide
    $bitsadmin = "bitsadmin" nocase ascii wide
    $bitsadmin_option = / \/(transfer|addfile) / nocase ascii wide
  condition:
    ($certutil and for any i in (1..32) : ($certutil in (@certutil_option[i] - 80..@certutil_option[i]))) or
    ($bitsadmin and for any i in (1..32) : ($bitsadmin in (@bitsadmin_option[i] - 80..@bitsadmin_option[i])))
}

/* -------------------------------------------------------------- shortcuts */

rule shortcut_runs_interpreter {
  meta:
    description = "Windows shortcut that starts an interpreter with arguments"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1204/002/"
  strings:
    $powershell = "powershell" nocase ascii wide
    $cmd = /\/c[ "][^\r\n]{0,8}[a-z%^("]/ nocase wide
    $mshta = "mshta" nocase ascii wide
    $wsh = /(w|c)script\.exe/ nocase ascii wide
    $lolbin = /(regsvr32|certutil|bitsadmin|forfiles|conhost)(\.exe)?/ nocase ascii wide
  condition:
    uint32(0) == 0x4C and uint32(4) == 0x00021401 and uint32(20) & 0x20 != 0 and any of them
}

/* -------------------------------------------------------------------- PDF */

rule pdf_javascript {
  meta:
    description = "PDF with JavaScript; what is in compressed object streams is not seen"
    severity = "low"
    reference = "https://pdfa.org/resource/iso-32000-2/ (12.6.4.17)"
  strings:
    $pdf = "%PDF-"
    $javascript = /\/JavaScript\b/
    $js = /\/JS[ \r\n]{0,4}[(<0-9]/
  condition:
    $pdf in (0..1023) and $javascript and $js
}

rule pdf_acts_by_itself {
  meta:
    description = "PDF whose opening action runs JavaScript, launches a program, submits a form or goes to another file"
    severity = "medium"
    reference = "https://pdfa.org/resource/iso-32000-2/ (12.6.3)"
  strings:
    $pdf = "%PDF-"
    $open = /\/(OpenAction|AA)[ \r\n]{0,4}(<<|[0-9])/
    $action = /\/S[ \r\n]{0,2}\/(JavaScript|Launch|SubmitForm|GoToE|GoToR|ImportData)\b/
  condition:
    $pdf in (0..1023) and all of them
}

rule pdf_embedded_program {
  meta:
    description = "PDF with an attachment that runs when it is opened"
    severity = "medium"
    reference = "https://pdfa.org/resource/iso-32000-2/ (7.11.4)"
  strings:
    $pdf = "%PDF-"
    $embedded = /\/EmbeddedFiles?\b/
    $name = /(\.exe\)|\.scr\)|\.com\)|\.pif\)|\.js\)|\.jse\)|\.vbs\)|\.vbe\)|\.wsf\)|\.hta\)|\.bat\)|\.cmd\)|\.ps1\)|\.lnk\)|\.jar\)|\.iso\)|\.img\)|\.docm\)|\.xlsm\)|\.SettingContent-ms\))/ nocase
  condition:
    $pdf in (0..1023) and $embedded and $name
}

/* ----------------------------------------------------- RTF, OLE and Office */

rule rtf_equation_object {
  meta:
    description = "RTF with an object for Equation Editor 3.0, which is no longer safe to run"
    severity = "high"
    reference = "https://nvd.nist.gov/vuln/detail/CVE-2017-11882"
  strings:
    $object = /\\obj(data|emb|ocx|class|autlink|update)/
    $name = "4571756174696f6e2e33" nocase
    $class = "02ce020000000000c000000000000046" nocase
    $literal = /\\objclass[ \r\n]{1,2}Equation\.[23]/ nocase
  condition:
    uint32be(0) | 0x2020 == 0x7B5C7274 and $object and ($name or $class or $literal)
}

rule rtf_object_updates_itself {
  meta:
    description = "RTF whose object is loaded without a click"
    severity = "medium"
    reference = "https://www.microsoft.com/en-us/download/details.aspx?id=10725 (objupdate)"
  strings:
    $update = "\\objupdate"
    $data = "\\objdata"
  condition:
    uint32be(0) | 0x2020 == 0x7B5C7274 and all of them
}

rule rtf_package_with_program {
  meta:
    description = "RTF with an executable file or a script in an object, in hexadecimal"
    severity = "high"
    reference = "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-oleds/"
  strings:
    $mz = "4d5a90000300000004000000ffff" nocase
    $stub = "546869732070726f6772616d2063616e6e6f74" nocase
    $package = "5061636b61676500" nocase
    $name = /2e(657865|736372|766273|6a73|687461|626174|636d64|707331|6c6e6b|777366)00/ nocase
  condition:
    uint32be(0) | 0x2020 == 0x7B5C7274 and ($mz or $stub or ($package and $name))
}

rule ole_equation_object {
  meta:
    description = "OLE document with an Equation Editor 3.0 object; common in old scientific papers"
    severity = "low"
    reference = "https://nvd.nist.gov/vuln/detail/CVE-2017-11882"
  strings:
    $class = { 02 CE 02 00 00 00 00 00 C0 00 00 00 00 00 00 46 }
    $stream = "Equation Native" wide
  condition:
    uint32be(0) == 0xD0CF11E0 and any of them
}

rule ole_package_with_program {
  meta:
    description = "OLE document with a packaged file that runs when it is opened"
    severity = "high"
    reference = "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-oleds/"
  strings:
    $stream = "\x01Ole10Native" wide
    $name = /(\.exe\x00|\.scr\x00|\.com\x00|\.pif\x00|\.js\x00|\.jse\x00|\.vbs\x00|\.vbe\x00|\.wsf\x00|\.hta\x00|\.bat\x00|\.cmd\x00|\.ps1\x00|\.lnk\x00|\.jar\x00|\.cpl\x00|\.msi\x00)/ nocase
  condition:
    uint32be(0) == 0xD0CF11E0 and $stream and $name
}

rule office_dde_command {
  meta:
    description = "DDE field or formula that starts a command"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1559/002/"
  strings:
    $field = /\bDDE(AUTO)?[ "]/ nocase
    $program = /(cmd\.exe|cmd |cmd\/|powershell|mshta|regsvr32|rundll32|msexcel|winword)/ nocase
    $formula = /[=+@](cmd|powershell|mshta|rundll32|regsvr32|msexcel)\|['"]/ nocase
  condition:
    $formula or ($field and for any i in (1..32) : ($program in (@field[i] + 4..@field[i] + 120)))
}

rule office_remote_template {
  meta:
    description = "Relationship of an Office document that loads a template, object or frame from another host"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1221/"
  strings:
    $relationships = "/package/2006/relationships"
    $element = /<\/?Relationship/
    $type = /\/(attachedTemplate|oleObject|frame)["']/
    $target = /Target=["'](https?:|mhtml:|file:\/\/\/?\\\\|\\\\)/ nocase
  condition:
    all of them and for any i in (1..256) : (
      $type in (@element[i]..@element[i + 1]) and $target in (@element[i]..@element[i + 1]))
}

rule onenote_embedded_program {
  meta:
    description = "OneNote section with an attached script or program"
    severity = "high"
    reference = "https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-onestore/8806fd18-6735-4874-b111-227b83eaac26"
  strings:
    $file = { E7 16 E3 BD 65 26 11 45 A4 C4 8D 4D 0B 7A 9E AC }
    $name = /(\.exe\x00|\.scr\x00|\.com\x00|\.js\x00|\.jse\x00|\.vbs\x00|\.vbe\x00|\.wsf\x00|\.hta\x00|\.bat\x00|\.cmd\x00|\.ps1\x00|\.lnk\x00|\.jar\x00|\.cpl\x00|\.msi\x00|\.chm\x00|\.iso\x00)/ nocase wide
  condition:
    uint32be(0) == 0xE4525C7B and all of them
}

/* ----------------------------------------------------- HTML, discs, names */

rule html_smuggling {
  meta:
    description = "Page that builds a file from its own text and saves it"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1027/006/"
  strings:
    $page = /<(html|script|svg|body)[\s>]/ nocase
    $decode = /\b(atob|Uint8Array|charCodeAt) ?\(/
    $blob = /new Blob ?\(/
    $save1 = /\.download ?= ?/
    $save2 = "msSaveOrOpenBlob"
    $save3 = "msSaveBlob"
    $url = "createObjectURL"
    $data = /["'](UEsDB|TVqQ|TVpQ|N3q8r|UmFyI)/
    $type = /application\/(octet-stream|zip|x-zip|x-msdownload|x-iso9660|x-rar|x-7z)/ nocase
  condition:
    $page in (0..4095) and $decode and $blob and ($data or $type) and ($save2 or $save3 or ($url and $save1))
}

rule disc_image_with_shortcut {
  meta:
    description = "Disc image with a Windows shortcut in it"
    severity = "medium"
    reference = "https://attack.mitre.org/techniques/T1553/005/"
  strings:
    $iso = ".LNK;1" nocase
    $joliet = { 00 2E 00 (4C | 6C) 00 (4E | 6E) 00 (4B | 6B) }
  condition:
    uint32be(0x8001) == 0x43443030 and any of them
}

rule name_with_double_extension {
  meta:
    description = "Attachment or archive entry that is named like a document and runs like a program"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1036/007/"
  strings:
    $double = /\.(pdf|docx?|xlsx?|pptx?|rtf|txt|jpe?g|png|html?|mp[34])[ _]{0,60}\.(exe|scr|com|pif|jse?|vb[se]|wsf|hta|bat|cmd|ps1|lnk|cpl|msi)/ nocase
    $attachment = /name\*?[0-9]?\*?= ?/ nocase
    $entry = { 50 4B 01 02 }
  condition:
    $double and for any i in (1..64) : (
      ($attachment in (@double[i] - 160..@double[i]) and
        for any end in (0x22, 0x27, 0x0D, 0x0A, 0x3B) : (uint8(@double[i] + !double[i]) == end)) or
      ($entry in (@double[i] - 300..@double[i] - 46) and uint16be(0) == 0x504B))
}

/* ------------------------------------------------------------ executables */

rule pe_packed_upx {
  meta:
    description = "Windows program packed with UPX, or with its section names"
    severity = "low"
    reference = "https://upx.github.io/"
  strings:
    $section0 = { 55 50 58 30 00 00 00 00 }
    $section1 = { 55 50 58 31 00 00 00 00 }
  condition:
    uint16be(0) == 0x4D5A and uint32be(uint32(0x3C)) == 0x50450000 and
    $section0 in (uint32(0x3C)..uint32(0x3C) + 1024) and $section1 in (uint32(0x3C)..uint32(0x3C) + 1024)
}

rule pe_overlay {
  meta:
    description = "Windows program without a signature, with more than 4 KiB behind its last section"
    severity = "info"
    reference = "https://learn.microsoft.com/en-us/windows/win32/debug/pe-format#section-table-section-headers"
  condition:
    uint16be(0) == 0x4D5A and uint32be(uint32(0x3C)) == 0x50450000 and
    uint16(uint32(0x3C) + 6) > 0 and uint16(uint32(0x3C) + 6) <= 96 and
    ((uint16(uint32(0x3C) + 24) == 0x10B and uint32(uint32(0x3C) + 152) == 0) or
      (uint16(uint32(0x3C) + 24) == 0x20B and uint32(uint32(0x3C) + 168) == 0)) and
    for all i in (0..uint16(uint32(0x3C) + 6) - 1) : (
      uint32(uint32(0x3C) + 24 + uint16(uint32(0x3C) + 20) + 40 * i + 16) +
      uint32(uint32(0x3C) + 24 + uint16(uint32(0x3C) + 20) + 40 * i + 20) + 4096 < filesize)
}

rule pe_in_text {
  meta:
    description = "Windows program written as base64 or hexadecimal inside something else"
    severity = "medium"
    reference = "https://attack.mitre.org/techniques/T1027/009/"
  strings:
    $base64 = "This program cannot be run in DOS mode" base64
    $hex = "546869732070726f6772616d2063616e6e6f74" nocase
    $bytes = /0x4d, ?0x5a, ?0x90, ?0x00, ?0x03, ?0x00/ nocase
    $escaped = /\\x4d\\x5a\\x90\\x00\\x03\\x00/ nocase
    $utf16 = "TVqQAAMAAAAEAAAA" wide
  condition:
    any of them
}

rule document_with_program {
  meta:
    description = "Office file, PDF, RTF or picture that contains a whole Windows program as it is"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1027/009/"
  strings:
    $pe = { 4D 5A [60-190] 54 68 69 73 20 70 72 6F 67 72 61 6D 20 (63 61 6E 6E 6F 74 20 62 65 | 6D 75 73 74 20 62 65 20 72 75 6E) }
  condition:
    $pe and (uint32be(0) == 0xD0CF11E0 or uint32be(0) == 0x25504446 or uint32be(0) == 0x7B5C7274 or
      uint32be(0) == 0xE4525C7B or uint32be(0) == 0x89504E47 or uint32be(0) & 0xFFFFFF00 == 0xFFD8FF00 or
      uint32be(0) == 0x47494638)
}

rule shellcode_resolves_by_hash {
  meta:
    description = "Code that finds Windows functions by hash through the process environment block"
    severity = "high"
    reference = "https://github.com/rapid7/metasploit-framework/tree/master/external/source/shellcode/windows"
  strings:
    $x86 = { FC E8 (82 | 89 | 8F) 00 00 00 60 89 E5 31 D2 64 8B 52 30 8B 52 0C 8B 52 14 }
    $x86_new = { FC E8 (82 | 89 | 8F) 00 00 00 60 (31 D2 89 E5 | 89 E5 31 D2) 64 8B 52 30 }
    $x64 = { FC 48 83 E4 F0 E8 (C0 | C8 | CC) 00 00 00 41 51 41 50 52 }
  condition:
    any of them
}

/* ---------------------------------------------------------------- servers */

rule webshell_one_liner {
  meta:
    description = "Server page that runs what the request says"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1505/003/"
  strings:
    $php = /\b(eval|assert|system|passthru|shell_exec|exec|popen|proc_open)[ \t]{0,4}\([ \t@]{0,4}((base64_decode|gzinflate|str_rot13|stripslashes)[ \t]{0,2}\([ \t@]{0,4}){0,3}\$_(GET|POST|REQUEST|COOKIE|SERVER)\b/ nocase
    $backtick = /(echo|print)[ \t(]{1,4}`\$_(GET|POST|REQUEST)/ nocase
    $asp = /\b(eval|execute|executeglobal)[ \t]{0,4}\(?[ \t]{0,4}request[ \t]{0,2}(\.(item|form|querystring))?[ \t]{0,2}[(\[]/ nocase
    $jsp = /getRuntime\(\)\.exec\([ \t]{0,4}(\(?String\)?[ \t]{0,4})?request\.getParameter/ nocase
  condition:
    any of them
}

rule reverse_shell_one_liner {
  meta:
    description = "Command that connects a shell to another host"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1059/004/"
  strings:
    $tcp = /\b(ba)?sh -i[ \t]{0,4}(>&|&>|[0-9]?>)[ \t]{0,4}\/dev\/(tcp|udp)\/[0-9a-z$]/ nocase
    $descriptor = /\bexec [0-9]{1,3}<>[ \t]?\/dev\/(tcp|udp)\// nocase
    $descriptor_use = /(while read|cat <&|sh <&|sh -i <&)/
    $nc = /\b(nc|ncat|netcat)(\.exe|\.traditional)? /
    $nc_run = / -[a-z]{0,3}[ec] ["']?(\/bin\/sh|\/bin\/bash|cmd\.exe|powershell)/
    $fifo = "mkfifo "
    $fifo_shell = /\|[ \t]?\/?(bin\/)?(ba)?sh -i/
    $fifo_net = /\|[ \t]?(nc|ncat|telnet|openssl) /
    $python = "socket.socket("
    $python_dup = "dup2("
    $python_shell = /(["']\/bin\/(ba)?sh["']|pty\.spawn\()/
    $perl = "socket(S,PF_INET"
    $perl_shell = /exec\(["{']{0,2}\/bin\/(ba)?sh -i/
    $php = "fsockopen("
    $php_shell = /\b(exec|shell_exec|system|passthru|popen|proc_open)\(["'](\/bin\/)?(ba)?sh\b/
    $powershell = "Net.Sockets.TCPClient(" nocase ascii wide
    $powershell_run = /(\biex\b|Invoke-Expression)/ nocase ascii wide
  condition:
    $tcp or ($nc_run and for any i in (1..16) : ($nc in (@nc_run[i] - 60..@nc_run[i]))) or
    ($descriptor and $descriptor_use) or ($fifo and $fifo_shell and $fifo_net) or
    ($perl and $perl_shell) or ($php and $php_shell) or
    ($python and for any i in (1..16) : (
      $python_dup in (@python[i]..@python[i] + 600) and $python_shell in (@python[i]..@python[i] + 900))) or
    ($powershell and for any i in (1..16) : ($powershell_run in (@powershell[i]..@powershell[i] + 900)))
}

rule shell_fetches_from_address {
  meta:
    description = "Shell command that fetches a file from a bare address, then makes it executable or runs it"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1105/"
  strings:
    $address = /https?:\/\/[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[:\/]/
    $fetch = /\b(curl|wget|tftp) /
    $run = /(\|[ \t]{0,4}(sudo )?(ba)?sh\b|chmod (\+x|a\+x|u\+x|777))/
  condition:
    all of them and for any i in (1..32) : (
      $fetch in (@address[i] - 60..@address[i]) and $run in (@address[i]..@address[i] + 200))
}

/* --------------------------------------------------- extortion, secrets */

rule ransom_note {
  meta:
    description = "Text that tells its reader that files are encrypted, how to pay and how to get in touch"
    severity = "high"
    reference = "https://attack.mitre.org/techniques/T1486/"
  strings:
    $encrypted = /\b(your|all) (files|documents|data|network|important files)[^.!\r\n]{0,60} (been|are|were) (now )?(encrypted|locked)/ nocase ascii wide
    $decrypt = /\b(decrypt(or|ion|er)? (tool|key|software|program|your|all|one|files)|private key|restore (your|all) (files|data))/ nocase ascii wide
    $pay = /\b(bitcoins?|btc|monero|xmr|pay(ment)?( the)? ransom|price (depends|will|for))\b/ nocase ascii wide
    $contact1 = /\b(tor browser|torproject\.org|[a-z2-7]{16,56}\.onion)/ nocase ascii wide
    $contact2 = /\b(write|contact|e-?mail)( to)? us\b/ nocase ascii wide
    $warning = /\bdo not (rename|modify|try to (decrypt|recover|restore)|use third.party|shut ?down|delete)/ nocase ascii wide
  condition:
    $encrypted and 3 of ($decrypt, $pay, $contact1, $contact2, $warning)
}

rule miner_configuration {
  meta:
    description = "Settings or command line of a cryptocurrency miner: pool and wallet"
    severity = "medium"
    reference = "https://attack.mitre.org/techniques/T1496/"
  strings:
    $pool1 = "stratum+tcp://" nocase ascii wide
    $pool2 = "stratum+ssl://" nocase ascii wide
    $pool3 = "stratum+tls://" nocase ascii wide
    $option1 = "\"wallet\"" nocase
    $option2 = "\"user\"" nocase
    $option3 = "donate-level" nocase
    $option4 = "--algo" nocase
    $option5 = "--coin" nocase
    $option6 = " -u " ascii wide
    $option7 = "--user" nocase
  condition:
    any of ($pool*) and any of ($option*)
}

rule private_key_text {
  meta:
    description = "Private key in PEM, OpenSSH or PuTTY text form"
    severity = "medium"
    reference = "https://www.rfc-editor.org/rfc/rfc7468"
  strings:
    $pem = /-----BEGIN ((RSA|EC|DSA|ENCRYPTED|OPENSSH) )?PRIVATE[ ]KEY-----[ \t]?(\r?\n|\\n)[A-Za-z0-9+\/:\- ,\r\n]{60}/
    $pgp = /-----BEGIN PGP PRIVATE[ ]KEY BLOCK-----\r?\n/
    $putty = /PuTTY-User-Key-File-[23]: (ssh|ecdsa|rsa)/
  condition:
    any of them
}

rule service_credential {
  meta:
    description = "Access key of a cloud or code service"
    severity = "medium"
    reference = "https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"
  strings:
    $aws = /\bA(KIA|SIA)[A-Z2-7]{16}\b/
    $aws_secret = /(aws_secret_access_key|SecretAccessKey)["']?[ \t]{0,4}[=:][ \t]{0,4}["']?[A-Za-z0-9\/+]{40}\b/ nocase
    $github = /\b(ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36}\b/
    $github_fine = /\bgithub_pat_[A-Za-z0-9_]{82}\b/
    $gitlab = /\bglpat-[A-Za-z0-9_\-]{20}\b/
    $slack = /\bxox[bpars]-[0-9]{9,13}-[0-9]{9,13}-[A-Za-z0-9\-]{20,64}/
    $google = /"type": ?"service_account",\s{1,8}"project_id": ?"[a-z0-9\-]{4,40}",\s{1,8}"private_key_id"/
    $azure = /DefaultEndpointsProtocol=https?;AccountName=[a-z0-9]{3,24};AccountKey=[A-Za-z0-9+\/]{86}==/
  condition:
    ($aws and $aws_secret) or $github or $github_fine or $gitlab or $slack or $google or $azure
}

/* --------------------------------------------------------------- archives */

rule archive_ace {
  meta:
    description = "ACE archive, which 7-Zip does not open and whose unpackers are abused"
    severity = "medium"
    reference = "https://nvd.nist.gov/vuln/detail/CVE-2018-20250"
  strings:
    $magic = "**ACE**"
  condition:
    $magic at 7
}
