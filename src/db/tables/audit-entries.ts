import type { Generated, JSONColumnType } from 'kysely';
import type { SafeDetails } from '../../kernel/errors.ts';
import type { AuditId, TenantId } from '../../kernel/ids.ts';

export type ActorKind = 'user' | 'token' | 'schedule' | 'system';

/** Who did what; append-only. */
export interface AuditEntriesTable {
  tenant_id: TenantId;
  id: AuditId;
  at: Generated<Date>;
  actor_kind: ActorKind;
  actor_id: string | null;
  actor_label: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  details: JSONColumnType<SafeDetails>;
}
