global rule small {
  condition:
    filesize < 1MB
}

global private rule has_bytes {
  condition:
    filesize > 0
}

rule has_fox : animal {
  strings:
    $fox = "fox"
    $fox_or_dog = /(fox|dog)/
  condition:
    any of them
}

rule never {
  condition:
    false
}
