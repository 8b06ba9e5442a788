/**
 * Chains of sectors: a table holds for each sector the number of the next.
 *
 * @module
 */

import type { ByteReader, DamageLog } from "../bytes/mod.ts";
import { END_OF_CHAIN, HEADER_BYTES, MAX_SECTOR, type OleHeader } from "./header.ts";

const DIFAT_OFFSET = 76;

/** Returns the offset of a sector in the file; it may be beyond the end. */
export function sectorOffset({ sectorBytes }: OleHeader, sector: number): number {
  return (sector + 1) * sectorBytes;
}

/** A table of the next sectors (FAT or mini FAT), which is in sectors itself. */
export class ChainTable {
  readonly #file: ByteReader;
  readonly #header: OleHeader;
  readonly #sectors: readonly number[];

  constructor(file: ByteReader, header: OleHeader, sectors: readonly number[]) {
    this.#file = file;
    this.#header = header;
    this.#sectors = sectors;
  }

  /** Returns the sector that follows, or a mark; undefined: it is beyond the table, or the table's part is not in the file. */
  next(sector: number): number | undefined {
    const offset = this.#offsetOf(sector);
    return offset !== undefined && this.#file.has(offset, 4) ? this.#file.u32(offset) : undefined;
  }

  /**
   * Returns the sectors of a chain, at most as many as are needed. A return to a sector (`chain-cycle`), and a mark that is
   * no end or a number beyond the table (`chain-ends-early`) end it.
   *
   * @param origin offset in the file of the number of the first sector
   * @throws {DamageError} `limit-items` when the budget ends
   */
  chain(start: number, needed: number, origin: number, log: DamageLog): number[] {
    const sectors: number[] = [];
    const seen = new Set<number>();
    let at = origin;
    for (let sector: number | undefined = start; sectors.length < needed; sector = this.next(sector)) {
      if (sector === END_OF_CHAIN) break;
      if (sector === undefined || sector > MAX_SECTOR) {
        log.add("chain-ends-early", "A chain of sectors must end with its mark", at);
        break;
      }
      if (seen.has(sector)) {
        log.add("chain-cycle", `A chain of sectors must not return to sector ${sector}`, at);
        break;
      }
      this.#file.budget.takeItems(1, at);
      seen.add(sector);
      sectors.push(sector);
      at = this.#file.fileOffset(this.#offsetOf(sector) ?? 0);
    }
    return sectors;
  }

  #offsetOf(sector: number): number | undefined {
    const perSector = this.#header.sectorBytes / 4;
    const own = this.#sectors[Math.floor(sector / perSector)];
    return own === undefined ? undefined : sectorOffset(this.#header, own) + 4 * (sector % perSector);
  }
}

/**
 * Reads which sectors hold the FAT: 109 are in the header, more in the chain of the DIFAT. Damage: `bad-fat-sector`,
 * `difat-cycle`, `truncated`.
 */
export function readFatSectors(file: ByteReader, header: OleHeader, log: DamageLog): number[] {
  const sectors: number[] = [];
  const take = (start: number, end: number) => {
    for (let at = start; at < end; at += 4) {
      const sector = file.u32(at);
      if (sector > MAX_SECTOR) continue;
      file.budget.takeItems(1, at);
      if (!file.has(sectorOffset(header, sector), 4)) {
        log.add("bad-fat-sector", `Sector ${sector} of the FAT must be in the file`, at);
      }
      sectors.push(sector);
    }
  };
  const seen = new Set<number>();
  log.attempt(() => {
    take(DIFAT_OFFSET, HEADER_BYTES);
    for (let sector = header.firstDifatSector; sector <= MAX_SECTOR;) {
      const start = sectorOffset(header, sector);
      if (seen.has(sector)) {
        log.add("difat-cycle", `The DIFAT must not return to sector ${sector}`, file.fileOffset(start));
        break;
      }
      seen.add(sector);
      const end = start + header.sectorBytes - 4;
      take(start, end);
      sector = file.u32(end);
    }
  });
  return sectors;
}
