/**
 * What the codes of blind spots and errors mean, for `stoq explain` and `docs/findings.md`. Codes of findings are declared by manifests,
 * further codes of errors by the docs of the plugins that report them.
 *
 * @module
 */

/** Code of a blind spot → what was not looked into, and what to do. */
export const BLIND_SPOT_DOCS: Readonly<Record<string, string>> = {
  "damaged": "Headers or contents contradict themselves or their checksums. What could be read was scanned.",
  "encrypted":
    "Content is encrypted, and no known password fits. Give passwords with --password or --passwords-file.",
  "others": "There are more kinds of blind spots than a summary lists.",
  "plugin-failed":
    "A plugin failed on the payload, so what it would have found is missing. The error in errors[] has the reason.",
  "truncated": "Something is missing at the end. What is there was scanned.",
  "types-unknown":
    "No worker identified the types of the payloads, so it is not known what should have been parsed. Run the worker mimetype.",
  "unparsed":
    "The payload's type can hold content or code, and no worker that parses the type returned an answer. Install or name such a worker.",
  "unsupported": "The content uses a method or feature that the worker does not know.",
};

/** Code of an error → what happened, and what to do. A limit is a blind spot as well. */
export const ERROR_DOCS: Readonly<Record<string, string>> = {
  "archiver-not-active": "A delivery names a source archiver that the run does not use. Name it with -S.",
  "bad-delivery": "A provider delivered something that is neither a payload, a request nor a task.",
  "finding-not-declared":
    "A worker reported a finding whose code its manifest does not declare. The finding was left out.",
  "internal-error": "stoQ itself failed. Please report it with the log.",
  "invalid-configuration":
    "The configuration names something that can't be used, such as a folder that is not writable.",
  "limit-answer-errors": "A plugin returned more errors than one answer may have. The rest was left out.",
  "limit-answer-names":
    "A plugin returned more names of plugins than one answer may have. The rest was left out.",
  "limit-blind-spots": "A worker reported more blind spots than one answer may have. The rest was left out.",
  "limit-errors": "The request has more errors than a response lists. The rest was left out.",
  "limit-expansion-ratio":
    "Content expands to more than the allowed multiple of the payload's size. The rest was left out ([limits] expansion_ratio).",
  "limit-extracted-bytes":
    "The payloads of the request are larger together than allowed. The rest was left out ([limits] extracted_bytes).",
  "limit-findings": "A worker reported more findings than one answer may have. The rest was left out.",
  "limit-indicators": "A payload or the response has more indicators than allowed. The rest was left out.",
  "limit-key-derivation":
    "Some passwords were not tried, because making keys of them takes too many rounds. Give the likely ones first, with --password.",
  "limit-passwords": "More password candidates were found than a request may have. The rest was left out.",
  "limit-payload-bytes": "A payload is larger than allowed and was not scanned ([limits] payload_bytes).",
  "limit-payloads": "The request has more payloads than allowed. The rest was left out ([limits] payloads).",
  "limit-recursion":
    "The last round of workers is over, and payloads or workers are left ([core] max_recursion).",
  "limit-request-time": "The request took longer than allowed, and the rest of its work was left out.",
  "limit-response-bytes":
    "The response is larger than the connector takes. It was saved in parts or shortened.",
  "limit-response-cost": "The response has no room for more. What is left out is counted.",
  "limit-result-bytes": "A plugin's results for one payload are larger than allowed and were left out.",
  "limit-resumes": "A worker asked to be called later more often than allowed, and has no answer.",
  "no-providers": "run was started without a provider. Name one with -P.",
  "not-kept": "Neither a connector nor an archiver kept the results of a delivery.",
  "nothing-keeps":
    "A provider deletes, moves or acknowledges what it delivers, and nothing keeps the results. Name a connector or an archiver.",
  "option-not-set": "A plugin needs an option that is not set.",
  "output-not-written": "Standard output failed while results were written to it.",
  "payload-not-found": "A source archiver has no payload under the name that the task gives.",
  "permission-denied":
    "A plugin tried to use something that it was not granted. stoq list --permissions shows what it may use.",
  "plugin-bad-response": "A plugin returned something that its role does not allow. The valid part was kept.",
  "plugin-crashed": "The runner of a plugin ended while the plugin was called.",
  "plugin-failed": "A plugin threw an exception, or reported a failure without a code of its own.",
  "plugin-flood": "A plugin wrote too much to its output, and its runner was ended.",
  "plugin-load-failed": "A plugin could not be loaded.",
  "plugin-memory": "A plugin used more memory than allowed, and its runner was ended.",
  "plugin-not-found": "A rule or a plugin names a plugin that is not installed.",
  "plugin-timeout": "A plugin did not answer within its deadline, and its runner was ended.",
  "plugin-wrong-role": "A plugin is named for a role that it does not have.",
  "required-plugin-circular": "Workers require each other in a circle.",
  "required-plugin-depth": "Workers require other workers through more levels than allowed.",
  "required-plugin-failed": "A worker that this one requires failed. This one ran without its results.",
  "required-plugin-unavailable": "A worker that this one requires can't be loaded.",
  "response-not-printed": "A response could not be printed. The others are not affected.",
  "runner-not-allowed":
    "stoQ may not start the runner of a plugin. Allow it to run programs, or use --isolation none.",
  "runner-not-found": "The program that runs plugins was not found.",
  "settle-failed": "A provider failed to acknowledge a delivery. It may deliver it again.",
};
