/**
 * The tree of payloads, a row for each.
 *
 * @module
 */

import { countHidden, describeHidden, describeInside, type HiddenPayloads } from "./hidden_payloads.ts";
import { payloadFlags } from "./payload_flags.ts";
import { payloadName } from "./payload_facts.ts";
import type { TreeNode, TreeReference } from "./payload_forest.ts";
import { counted, formatSize } from "./quantities.ts";
import { selectForTree } from "./selection.ts";
import { SEVERITY_LOOK } from "./severity_look.ts";
import { type Line, line, Span } from "./styled_text.ts";
import type { Survey } from "./survey.ts";
import { cellOf, layOutTable, type TableRow } from "./table_layout.ts";
import { nameCell, partsCell, typeCell } from "./tree_cells.ts";

/** Most payloads that have a row of their own. */
const MAX_TREE_PAYLOADS = 100;

/** Most rows below one payload that refer to payloads elsewhere. */
const MAX_TREE_REFERENCES = 5;

/** The columns in their order. */
const COLUMN = { mark: 0, number: 1, name: 2, size: 3, type: 4, flags: 5, extractedBy: 6 } as const;

const SHRINK = [
  { column: COLUMN.name, width: 40 },
  { column: COLUMN.type, width: 24 },
  { column: COLUMN.flags, width: 20 },
  { column: COLUMN.name, width: 32 },
  { column: COLUMN.type, width: 12 },
  { column: COLUMN.flags, width: 14 },
  { column: COLUMN.name, width: 28 },
  { column: COLUMN.extractedBy, width: 8 },
  { column: COLUMN.flags, width: 9 },
  { column: COLUMN.name, width: 20 },
  { column: COLUMN.extractedBy, width: 0 },
  { column: COLUMN.type, width: 0 },
  { column: COLUMN.flags, width: 0 },
  { column: COLUMN.name, width: 10 },
];

/** Writes the tree, of a large one the most important payloads; nothing where there is only one payload. */
export function treeSection(survey: Survey, columns: number): Line[] {
  if (survey.nodes.length <= 1) return [];
  const shown = selectForTree(survey, MAX_TREE_PAYLOADS);
  const rows = new TreeRows(survey, shown).rows();
  const table = layOutTable(rows, { columns, shrink: SHRINK, right: [COLUMN.number, COLUMN.size] });
  return [line("Payloads", "heading"), ...table];
}

/** What stands before a name: a branch for the row itself, and the continuation for the rows below it. */
interface Place {
  readonly branch: string;
  readonly below: string;
}

const TOP: Place = { branch: "", below: "" };

/** What has a row. */
type TreeItem =
  | { readonly node: TreeNode; readonly place: Place }
  | { readonly reference: TreeReference; readonly place: Place }
  | { readonly leftOut: string; readonly place: Place };

/** Walks over the tree with a stack of its own, since a chain may be as long as the response. */
class TreeRows {
  readonly #survey: Survey;
  readonly #shown: ReadonlySet<TreeNode>;
  readonly #hidden: ReadonlyMap<TreeNode | undefined, HiddenPayloads>;

  constructor(survey: Survey, shown: ReadonlySet<TreeNode>) {
    this.#survey = survey;
    this.#shown = shown;
    this.#hidden = countHidden(survey, shown);
  }

  rows(): TableRow[] {
    const rows: TableRow[] = [];
    const waiting = this.#itemsBelow(undefined, TOP).toReversed();
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      rows.push(this.#row(item));
      if ("node" in item) waiting.push(...this.#itemsBelow(item.node, item.place).toReversed());
    }
    return rows;
  }

  /** Returns the items directly below a node, or at the top. */
  #itemsBelow(parent: TreeNode | undefined, above: Place): TreeItem[] {
    const children = parent?.children ?? this.#survey.nodes.filter(({ depth }) => depth === 0);
    const shown = children.filter((child) => this.#shown.has(child));
    const hidden = this.#hidden.get(parent);
    const references = parent?.references ?? [];
    const items = [
      ...shown.map((node) => ({ node })),
      ...references.slice(0, MAX_TREE_REFERENCES).map((reference) => ({ reference })),
      ...leftOutReferences(references),
      ...(hidden && shown.length > 0 ? [{ leftOut: describeHidden(hidden) }] : []),
    ];
    return items.map((item, index) => ({
      ...item,
      place: parent === undefined ? TOP : placeBelow(above, index === items.length - 1),
    }));
  }

  #row(item: TreeItem): TableRow {
    const { branch } = item.place;
    if ("node" in item) return this.#nodeRow(item.node, branch);
    if ("reference" in item) return referenceRow(item.reference, branch);
    return {
      across: [new Span(branch, "secondary"), new Span(item.leftOut, "secondary")],
      from: COLUMN.name,
    };
  }

  #nodeRow(node: TreeNode, branch: string): TableRow {
    const { payload } = node;
    const severity = this.#survey.findingsOf(node)[0]?.severity;
    const look = severity === undefined ? undefined : SEVERITY_LOOK[severity];
    const hidden = node.children.some((child) => this.#shown.has(child)) ? undefined : this.#hidden.get(node);
    const inside = hidden === undefined ? [] : describeInside(hidden).map((text) => line(text, "secondary"));
    return [
      cellOf(line(look?.mark ?? "", look?.style)),
      cellOf(line(`#${node.number}`, "secondary")),
      nameCell(branch, new Span(payloadName(payload), "name")),
      cellOf(line(formatSize(payload.sizeBytes))),
      typeCell(this.#survey.resultsOf(node).mediaType ?? "-"),
      partsCell([...payloadFlags(this.#survey, node), ...inside]),
      cellOf(line(node.extractedBy ?? "", "secondary")),
    ];
  }
}

function referenceRow({ node, extractedBy }: TreeReference, branch: string): TableRow {
  const name = `↪ #${node.number} ${payloadName(node.payload)}`;
  const empty = cellOf([]);
  const by = cellOf(line(extractedBy ?? "", "secondary"));
  return [empty, empty, nameCell(branch, new Span(name, "secondary")), empty, empty, empty, by];
}

function leftOutReferences(references: readonly TreeReference[]): { readonly leftOut: string }[] {
  const count = references.length - MAX_TREE_REFERENCES;
  return count <= 0 ? [] : [{ leftOut: `↪ … ${counted(count, "more payload")} with a place elsewhere` }];
}

function placeBelow(above: Place, isLast: boolean): Place {
  return {
    branch: above.below + (isLast ? "└─ " : "├─ "),
    below: above.below + (isLast ? "   " : "│  "),
  };
}
