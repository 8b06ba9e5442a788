/**
 * Looks for forms in chunks of content that the façade copies into the view `RAW`, by the tables that it has checked and
 * copied to `TABLES`. See ../layout.ts for both.
 */
import {
  HEADER_BYTES,
  HEADER_LANE_COUNT,
  LANE_BYTES,
  LANE_STREAM,
  MARGIN_BYTES,
  STREAM_XORED,
  TABLES,
  TAIL_MASK,
} from "../layout";
import { scanLane } from "./lanes";
import { currentStatus, RUNNING } from "./state";
import { foldView, xorView } from "./streams";

export { arrange, begin, cappedForms, foundHits } from "./state";

/**
 * Looks at `bytes` bytes of the content from `from` on, a multiple of 4, which are in the view after its margin, with the
 * content around them in the margins; answers 0, or why no more is looked at: 1 for work, 2 for hits.
 */
export function scanChunk(from: u32, bytes: u32, contentBytes: u32): u32 {
  const viewBytes: usize = bytes + 2 * MARGIN_BYTES;
  v128.store(TAIL_MASK, i8x16.splat(-1));
  foldView(viewBytes);
  if (hasXoredLane()) xorView(viewBytes);
  const count = load<u32>(TABLES, HEADER_LANE_COUNT);
  for (let index: u32 = 0; index < count && currentStatus() == RUNNING; index++) {
    scanLane(laneAt(index), from, bytes, contentBytes);
  }
  return currentStatus();
}

function hasXoredLane(): bool {
  const count = load<u32>(TABLES, HEADER_LANE_COUNT);
  for (let index: u32 = 0; index < count; index++) {
    if (load<u32>(laneAt(index), LANE_STREAM) == STREAM_XORED) return true;
  }
  return false;
}

function laneAt(index: u32): usize {
  return TABLES + HEADER_BYTES + <usize>index * LANE_BYTES;
}
