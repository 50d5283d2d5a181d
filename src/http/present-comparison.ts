import { type Comparison, comparisonSchema } from '../api/comparisons.ts';
import type { Comparison as ComparisonRow } from '../comparisons/find-comparison.ts';
import { comparisonLinks } from './links.ts';
import { instantOf } from './present-run.ts';

/** A comparison as clients see it. */
export function presentComparison(row: ComparisonRow): Comparison {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    before: { label: row.before_label, backupId: row.before_backup_id },
    after: { label: row.after_label, backupId: row.after_backup_id },
    runId: row.run_id,
    counts: countsSchema.parse(row.counts),
    madeBy: row.made_by,
    createdAt: row.created_at.toISOString(),
    completedAt: instantOf(row.completed_at),
    links: comparisonLinks(row.tenant_id, row.id),
  };
}

const countsSchema = comparisonSchema.shape.counts;
