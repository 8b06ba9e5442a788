/**
 * Indicators that no program turns into a link.
 *
 * @module
 */

import type { IndicatorKind } from "../../core/contract/indicators.ts";

/** Returns an indicator's value in the usual defanged spelling: `hxxps://a[.]example/`, `a[@]b[.]example`, `2001[:]db8[:][:]1`. */
export function defang(kind: IndicatorKind, value: string): string {
  switch (kind) {
    case "url":
      return defangUrl(value);
    case "email":
      return defangHost(value).replace("@", "[@]");
    case "domain":
    case "ipv4":
    case "ipv6":
      return defangHost(value);
    default:
      return value;
  }
}

/** The path stays as it is: only the scheme and the host make a link. */
function defangUrl(url: string): string {
  const [, scheme, authority, rest] = /^([^:/?#]*:\/*)?([^/?#]*)(.*)$/s.exec(url) ?? ["", "", url, ""];
  const harmless = (scheme ?? "").replace(/^http/i, "hxxp").replace(/^ftp/i, "fxp");
  return `${harmless}${defangHost(authority!)}${rest}`;
}

function defangHost(host: string): string {
  return host.replaceAll(".", "[.]").replaceAll(":", "[:]");
}
