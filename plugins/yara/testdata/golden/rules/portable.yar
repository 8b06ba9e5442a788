import "pe"
import "hash"

rule is_pe {
  meta:
    description = "Smallest PE that both engines read"
  condition:
    pe.machine == pe.MACHINE_AMD64 and pe.number_of_sections == 1 and uint16(0) == 0x5A4D
}

rule known_hash {
  condition:
    hash.md5(0, 19) == "a2004f37730b9445670a738fa0fc9ee5"
}
