/**
 * Where the certificates of a PE file are. What they say is not read here.
 *
 * @module
 */

import { DamageLog, type PartialTable } from "../bytes/mod.ts";
import { directoryOf, type PeImage } from "./image.ts";

const HEADER_BYTES = 8;
const ALIGNMENT_BYTES = 8;

/** An entry of the certificate table. */
export interface PeCertificate {
  /** Offset of its data in the file. */
  readonly offset: number;
  /** Size of its data, cut off at the end of the file. */
  readonly sizeBytes: number;
  /** `WIN_CERT_REVISION_…`. */
  readonly revision: number;
  /** `WIN_CERT_TYPE_…`: 2 is a PKCS#7 signature. */
  readonly type: number;
}

/** The certificate table. */
export interface CertificateTable extends PartialTable {
  /** Offset and size in the file as declared; undefined: the file declares none. */
  readonly location: { readonly offset: number; readonly sizeBytes: number } | undefined;
  readonly certificates: readonly PeCertificate[];
}

/** Finds the certificates. Damage: `bad-certificate`, `truncated`. */
export function readCertificates(image: PeImage): CertificateTable {
  const { reader } = image;
  const log = new DamageLog();
  const certificates: PeCertificate[] = [];
  const directory = directoryOf(image, "security");
  // The directory's address is an offset in the file.
  const location = directory && directory.rva !== 0 && directory.sizeBytes !== 0
    ? { offset: directory.rva, sizeBytes: directory.sizeBytes }
    : undefined;
  if (location) {
    log.attempt(() => {
      const end = location.offset + location.sizeBytes;
      for (let at = location.offset; at < end;) {
        reader.budget.takeItems(1, reader.fileOffset(at));
        const own = reader.sub(at, HEADER_BYTES);
        const sizeBytes = own.u32(0);
        if (sizeBytes < HEADER_BYTES || at + sizeBytes > Math.min(end, reader.sizeBytes)) {
          log.add("bad-certificate", `A certificate must be within its table, got ${sizeBytes} bytes`, at);
        }
        const data = reader.subUpTo(at + HEADER_BYTES, sizeBytes - HEADER_BYTES);
        certificates.push({
          offset: data.baseOffset,
          sizeBytes: data.sizeBytes,
          revision: own.u16(4),
          type: own.u16(6),
        });
        at += Math.ceil(Math.max(sizeBytes, HEADER_BYTES) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
      }
    });
  }
  return { location, certificates, damages: log.damages, isTruncated: log.isTruncated };
}
