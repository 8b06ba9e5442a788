rule test_scan_rule {
  meta:
    author = "Peter Rabbit"
  strings:
    $stoq = "_stoQ_"
  condition:
    $stoq
}

rule test_scan_metadata_bytes {
  meta:
    plugin = "save_false"
    author = "Peter Rabbit"
    bytes = "\x41Neato"
  strings:
    $meta_bytes = "meta_bytes"
  condition:
    $meta_bytes
}
