/**
 * What a scan has found and spent. The addresses are the façade's: after the tables come the counts of hits, 16 bits a
 * form, and after those the hits, for which memory grows as they are found.
 */
import { HIT_BYTES } from "../layout";

export const RUNNING: u32 = 0;
export const OUT_OF_WORK: u32 = 1;
export const OUT_OF_HITS: u32 = 2;

const PAGE_BYTES: usize = 65536;
const GROWTH_PAGES: i32 = 4;

let countsAt: usize = 0;
let hitsAt: usize = 0;
let hitsMax: u32 = 0;
let hitsPerForm: u32 = 0;
let hitCount: u32 = 0;
let cappedCount: u32 = 0;
/** What may still be spent; a signed number, so that spending too much shows. */
let workLeft: i64 = 0;
let status: u32 = RUNNING;

/** Tells where counts and hits go, and how many hits are kept in all and for a form, which is less than 65,535. */
export function arrange(counts: usize, hits: usize, total: u32, perForm: u32): void {
  countsAt = counts;
  hitsAt = hits;
  hitsMax = total;
  hitsPerForm = perForm;
}

/** Forgets what was found before. */
export function begin(formCount: u32, work: f64): void {
  memory.fill(countsAt, 0, <usize>formCount << 1);
  hitCount = 0;
  cappedCount = 0;
  workLeft = <i64>work;
  status = RUNNING;
}

/** How many hits were kept. */
export function foundHits(): u32 {
  return hitCount;
}

/** How many forms have more hits than are kept. */
export function cappedForms(): u32 {
  return cappedCount;
}

@inline
export function currentStatus(): u32 {
  return status;
}

/** Spends work; what is not there any more stops the scan. */
@inline
export function spend(work: u32): void {
  workLeft -= <i64>work;
  if (workLeft < 0) status = OUT_OF_WORK;
}

/** Whether more hits of a form were found than are kept. */
@inline
export function isCapped(form: u32): bool {
  return <u32>load<u16>(countsAt + (<usize>form << 1)) > hitsPerForm;
}

/** Keeps a hit of a form that is not capped, or only counts it, or stops the scan. */
export function keep(form: u32, offset: u32): void {
  const count = countsAt + (<usize>form << 1);
  const found = <u32>load<u16>(count) + 1;
  store<u16>(count, <u16>found);
  if (found > hitsPerForm) {
    cappedCount++;
    return;
  }
  const hit = hitsAt + <usize>hitCount * HIT_BYTES;
  if (hitCount == hitsMax || !hasRoom(hit + HIT_BYTES)) {
    status = OUT_OF_HITS;
    return;
  }
  store<u32>(hit, form);
  store<u32>(hit, offset, 4);
  hitCount++;
}

function hasRoom(end: usize): bool {
  return end <= <usize>memory.size() * PAGE_BYTES || memory.grow(GROWTH_PAGES) >= 0;
}
