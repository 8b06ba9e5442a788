/**
 * URLs that name a namespace, a schema or a DTD. Every document has them, and no program fetches them.
 *
 * @module
 */

/** Hosts, and what their paths begin with; an empty text is every path. */
const SCHEMA_IDS: Readonly<Record<string, readonly string[]>> = {
  "cipa.jp": ["/exif/"],
  "creativecommons.org": ["/ns"],
  "docbook.org": ["/ns/", "/xml/"],
  "docs.oasis-open.org": [""],
  "dublincore.org": ["/2003/", "/2008/", "/documents/"],
  "iptc.org": ["/std/"],
  "java.sun.com": ["/dtd/", "/j2ee/", "/jsf/", "/jsp/", "/xml/"],
  "maven.apache.org": ["/POM/", "/xsd/"],
  "ns.adobe.com": [""],
  "openoffice.org": ["/2000/", "/2001/", "/2004/", "/2009/", "/2010/"],
  "purl.oclc.org": ["/ooxml/"],
  "purl.org": ["/dc/", "/rss/"],
  "relaxng.org": ["/ns/"],
  "schema.org": [""],
  "schemas.android.com": [""],
  "schemas.microsoft.com": [""],
  "schemas.openxmlformats.org": [""],
  "schemas.xmlsoap.org": [""],
  "sodipodi.sourceforge.net": ["/DTD/"],
  "uri.etsi.org": [""],
  "www.aiim.org": ["/pdfa/ns/", "/pdfua/ns/"],
  "www.apple.com": ["/DTDs/"],
  "www.daisy.org": ["/z3986/"],
  "www.idpf.org": ["/2007/", "/2013/"],
  "www.inkscape.org": ["/namespaces/"],
  "www.npes.org": ["/pdfx/ns/"],
  "www.omg.org": ["/spec/"],
  "www.opengis.net": [""],
  "www.springframework.org": ["/dtd/", "/schema/", "/tags"],
  "www.w3.org": [
    "/1998/",
    "/1999/",
    "/200",
    "/201",
    "/202",
    "/Graphics/",
    "/MarkUp/",
    "/TR/",
    "/XML/",
    "/ns/",
  ],
  "www.xfa.org": ["/schema/"],
  "xml.apache.org": ["/xalan", "/xslt"],
  "xml.org": ["/sax/"],
  "xmlns.com": [""],
  "xmlns.jcp.org": [""],
};

/** Says whether a URL is the id of a namespace, a schema or a DTD. */
export function isSchemaId({ protocol, hostname, pathname }: URL): boolean {
  if (!/^https?:$/.test(protocol) || !Object.hasOwn(SCHEMA_IDS, hostname)) return false;
  return SCHEMA_IDS[hostname]!.some((start) => pathname.startsWith(start));
}
