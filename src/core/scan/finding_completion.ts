/**
 * Completes findings: a worker names a code, the manifest declares what the code means.
 *
 * @module
 */

import { findingsNotDeclared, type StoqError } from "../contract/errors.ts";
import type { Finding, FindingDeclaration, ReportedFinding } from "../contract/findings.ts";

/** The findings of one answer. */
export interface CompletedFindings {
  readonly findings: readonly Finding[];
  /** Present when codes were not declared; their findings are left out. */
  readonly error?: StoqError;
}

const NONE: CompletedFindings = { findings: [] };

/** Completes what a worker reported. Only a code that is declared `dynamic` keeps its own title and severity. */
export function completeFindings(
  plugin: string,
  reported: readonly ReportedFinding[],
  declared: Readonly<Record<string, FindingDeclaration>> = {},
): CompletedFindings {
  if (reported.length === 0) return NONE;
  const unknown = new Set<string>();
  const findings = reported.flatMap((finding): Finding[] => {
    const declaration = Object.hasOwn(declared, finding.code) ? declared[finding.code] : undefined;
    if (declaration) return [complete(plugin, finding, declaration)];
    unknown.add(finding.code);
    return [];
  });
  return unknown.size === 0 ? { findings } : { findings, error: findingsNotDeclared([...unknown]) };
}

function complete(plugin: string, reported: ReportedFinding, declaration: FindingDeclaration): Finding {
  const { code, detail, offset } = reported;
  const { attack, dynamic = false } = declaration;
  return {
    plugin,
    code,
    title: dynamic && reported.title || declaration.title,
    severity: dynamic && reported.severity || declaration.severity,
    ...attack !== undefined && attack.length > 0 && { attack },
    ...detail !== undefined && { detail },
    ...offset !== undefined && { offset },
  };
}
