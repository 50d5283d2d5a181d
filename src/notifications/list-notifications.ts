import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { NotificationsTable } from '../db/tables/notifications.ts';
import type { Outcome } from '../db/tables/runs.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import {
  type NotificationId,
  notificationIdSchema,
  type RunId,
  type UserId,
} from '../kernel/ids.ts';

export interface NotificationFilter {
  /** Nobody sees another person's notifications. */
  readonly userId: UserId;
}

export interface TenantNotificationRow {
  readonly id: NotificationId;
  readonly run_id: RunId;
  readonly state: NotificationsTable['state'];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly read_at: Date | null;
  readonly type: string;
  readonly outcome: Outcome | null;
}

/** One person's notifications in a tenant, newest first. */
export const notificationsList: KeysetList<
  TenantTx,
  NotificationFilter,
  TenantNotificationRow,
  [NotificationId]
> = {
  name: () => 'notifications',
  key: z.tuple([notificationIdSchema]),
  keyOf: (row) => [row.id],
  select(tx, filter, { after, limit }) {
    let page = tx.db
      .selectFrom('notifications')
      .select(['tenant_id', 'id', 'run_id', 'state', 'created_at', 'updated_at', 'read_at'])
      .where('tenant_id', '=', tx.tenantId)
      .where('user_id', '=', filter.userId)
      .orderBy('id', 'desc')
      .limit(limit);
    if (after !== undefined) page = page.where('id', '<', after[0]);
    // The page is cut before the join, or all runs of the tenant may be joined for it.
    return tx.db
      .selectFrom(page.as('n'))
      .innerJoin('runs as r', (join) =>
        join.onRef('r.tenant_id', '=', 'n.tenant_id').onRef('r.id', '=', 'n.run_id'),
      )
      .select(['n.id', 'n.run_id', 'n.state', 'n.created_at', 'n.updated_at', 'n.read_at'])
      .select(['r.type', 'r.outcome'])
      .orderBy('n.id', 'desc');
  },
};
