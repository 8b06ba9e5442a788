rule broken {
  condition:
    this is no condition
}
