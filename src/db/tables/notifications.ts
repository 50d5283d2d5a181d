import type { Generated } from 'kysely';
import type { NotificationId, RunId, TenantId, UserId } from '../../kernel/ids.ts';

/** One row per (user, run), moved from queued to ended; unread again at the end. */
export interface NotificationsTable {
  tenant_id: TenantId;
  id: NotificationId;
  user_id: UserId;
  run_id: RunId;
  state: 'queued' | 'running' | 'ended';
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  read_at: Date | null;
}
