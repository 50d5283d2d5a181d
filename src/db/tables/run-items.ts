import type { SafeDetails } from '../../kernel/errors.ts';
import type { RunId, TenantId } from '../../kernel/ids.ts';

export type ItemOutcome = 'pending' | 'succeeded' | 'skipped' | 'failed' | 'unknown';

/** One thing that a run works through, with its own outcome. */
export interface RunItemsTable {
  tenant_id: TenantId;
  run_id: RunId;
  seq: number;
  subject_kind: string;
  subject_id: string;
  label: string;
  discovers: boolean;
  outcome: ItemOutcome;
  code: string | null;
  details: SafeDetails | null;
  attempts: number;
  is_suspect: boolean;
  crashes: number;
  started_at: Date | null;
  ended_at: Date | null;
}
