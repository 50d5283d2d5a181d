import type { Generated } from 'kysely';
import type { WorkerId } from '../../kernel/ids.ts';

/** A worker process that is alive, or was until a moment ago. */
export interface WorkersTable {
  id: WorkerId;
  engine_id: string;
  beat_at: Generated<Date>;
  started_at: Generated<Date>;
}
