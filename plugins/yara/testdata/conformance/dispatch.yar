rule test_dispatch_rule : tag1 tag2 {
  meta:
    plugin = "test_dispatch_plugin"
    save = "True"
  strings:
    $test = "testtesttest"
  condition:
    $test
}

rule test_dispatch_save_false {
  meta:
    plugin = "save_false"
    save = "False"
  strings:
    $save_false = "save_false"
  condition:
    $save_false
}

rule test_dispatch_xor {
  meta:
    plugin = "xordecode"
    save = "True"
    xor_plaintext_for_string_this_prog = "This program"
    xor_plaintext_for_string_this_prog_2b = "This program"
  strings:
    $this_prog = "This program" xor(0x01-0xff)
    $this_prog_2b = { 45 78 78 63 31 60 63 7f 76 62 70 7d }
  condition:
    any of them
}
