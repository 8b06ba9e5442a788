/**
 * Normal forms of addresses of the network.
 *
 * @module
 */

import { isSchemaId } from "./schema_ids.ts";

/** Longest URL, in characters. */
export const MAX_URL_CHARACTERS = 4_096;

const MAX_DOMAIN_CHARACTERS = 253;
const SPECIAL_SCHEME = /^(?:https?|ftp|wss?):$/;
const OTHER_SCHEME = /^(?:ftps|sftp|tftp|ldaps?|smb|rtsp|ssh|telnet):$/;
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const LOCAL_PART = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const MAX_LOCAL_PART_CHARACTERS = 64;

/**
 * Returns a URL as WHATWG prints it, with its host in lower case and Punycode. Undefined: it has another scheme than those of
 * the network, no host that can be looked up, or it is the id of a namespace, schema or DTD.
 */
export function normaliseUrl(text: string): string | undefined {
  if (text.length > MAX_URL_CHARACTERS || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!SPECIAL_SCHEME.test(url.protocol)) {
    const host = OTHER_SCHEME.test(url.protocol) ? normaliseHost(url.hostname) : undefined;
    if (host === undefined) return undefined;
    url.hostname = host;
  }
  return url.hostname === "" || isSchemaId(url) ? undefined : url.href;
}

/** Returns a host as a browser reads it: a domain, an IPv4 address of any spelling, an IPv6 address in brackets. */
function normaliseHost(host: string): string | undefined {
  const address = `http://${host}/`;
  return host === "" || !URL.canParse(address) ? undefined : new URL(address).hostname;
}

/**
 * Returns a domain in lower case and Punycode, without the dot at its end. Undefined: it has no dot, a label that no name has,
 * or it is an address.
 */
export function normaliseDomain(text: string): string | undefined {
  if (/[\s/?#@:\\[\]%]/.test(text) || text.length > MAX_DOMAIN_CHARACTERS) return undefined;
  const domain = normaliseHost(text)?.replace(/\.$/, "");
  const labels = domain?.split(".") ?? [];
  const isDomain = labels.length >= 2 && labels.every((label) => LABEL.test(label)) &&
    /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(labels.at(-1)!);
  return isDomain && domain!.length <= MAX_DOMAIN_CHARACTERS ? domain : undefined;
}

/** Returns an address of four decimal numbers without leading zeros, which readers take for octal ones or not. */
export function normaliseIpv4(text: string): string | undefined {
  const parts = text.split(".");
  const isAddress = parts.length === 4 &&
    parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return isAddress ? text : undefined;
}

/** Returns an address as RFC 5952 prints it, without brackets and zone. */
export function normaliseIpv6(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  if (!/^[0-9a-f:.]{2,45}$/i.test(bare)) return undefined;
  const host = normaliseHost(`[${bare}]`)?.slice(1, -1);
  const mapped = host?.match(/^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/);
  if (!mapped) return host;
  const bytes = mapped.slice(1).flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 0xff]);
  return `::ffff:${bytes.join(".")}`;
}

/** Returns an address of mail with its domain normalised. The local part keeps its case, on which it may depend. */
export function normaliseEmail(text: string): string | undefined {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(0, at));
  const domain = normaliseDomain(text.slice(at + 1));
  const isAddress = local.length <= MAX_LOCAL_PART_CHARACTERS && LOCAL_PART.test(local);
  return isAddress && domain !== undefined ? `${local}@${domain}` : undefined;
}
