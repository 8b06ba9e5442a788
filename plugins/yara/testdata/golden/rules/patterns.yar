/* Patterns of all kinds; a comment with rule words: rule x { condition: true } */
import "math"

rule text_modifiers : text modifiers {
  meta:
    author = "stoQ"
    count = 3
    negative = -7
    flag = true
    twice = "first"
    twice = "second"
  strings:
    $plain = "fox"
    $nocase = "THE" nocase
    $wide = "wide" wide
    $both = "both" wide ascii
    $full = "over" fullword
    $hidden = "quick" private
    $escaped = "tab\there\x21\"\\"
  condition:
    any of them
}

rule xor_and_base64 : encoded {
  strings:
    $xor = "This program" xor
    $range = "secret" xor(0x10-0x1f) private
    $base64 = "plaintext to find" base64
  condition:
    $xor or $base64 or $range
}

rule hex_strings {
  strings:
    $bytes = { DE AD BE EF }
    $wildcards = { DE ?? BE ?F }
    $jump = { DE [1-3] EF }
    $alternatives = { ( 01 02 | 03 04 05 ) /* } not the end */ FF }
    $commented = {
      CA FE // } nor here
      BA BE
    }
  condition:
    any of them
}

rule regular_expressions {
  strings:
    $word = /[a-z]{3,5}\d+/
    $slash = /https?:\/\/[\w.]{4,20}/ nocase
    $dot = /begin.end/s
    $case = /mIxEd/i
    $wide = /wi[de]{2}/ wide
  condition:
    any of them
}

rule anonymous {
  strings:
    $ = "alpha"
    $ = { 62 65 74 61 }
  condition:
    2 of them
}

rule conditions {
  strings:
    $a = "fox"
    $b = "dog"
  condition:
    #a == 1 and @a[1] < @b[1] and !a[1] == 3 and $a in (0..filesize) and
    for all i in (1..#b) : (@b[i] > 10) and filesize \ 2 > 5 and 1KB == 1024 and not $a at 0
}

rule integers {
  condition:
    uint16(0) == 0xADDE or uint32be(0) == 0xDEADBEEF or uint8(filesize) == 0 or int8(3) == -17
}

rule entropy {
  condition:
    math.entropy(0, filesize) > 4.0
}

private rule helper {
  strings:
    $a = "lazy"
  condition:
    $a
}

rule uses_helper : helped {
  condition:
    helper
}

rule externals {
  condition:
    filename matches /sample\.(txt|bin)$/ and extension == ".txt" and filetype == "" and owner == ""
}
