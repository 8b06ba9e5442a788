/**
 * The events of a run, for progress, logs and telemetry.
 *
 * @module
 */

import type { DeliveryOutcome, ErrorRecord, SkippedItem, StoqResponse } from "../contract/contract.ts";

/** One event of a run. */
export type RunEvent =
  | { readonly kind: "delivered"; readonly provider: string }
  | { readonly kind: "scanned"; readonly response: StoqResponse }
  | { readonly kind: "settled"; readonly provider: string; readonly outcome: DeliveryOutcome }
  /** A provider skipped an item. If the item is lost, an `error` follows. */
  | { readonly kind: "skipped"; readonly provider: string; readonly item: SkippedItem }
  /** A failure that is in no response: of a provider, a source archiver or a settlement. */
  | { readonly kind: "error"; readonly error: ErrorRecord };
