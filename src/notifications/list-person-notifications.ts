import { sql } from 'kysely';
import { z } from 'zod';
import type { KeysetList } from '../db/keyset.ts';
import type { PersonTx } from '../db/person-tx.ts';
import type { NotificationsTable } from '../db/tables/notifications.ts';
import {
  type NotificationId,
  notificationIdSchema,
  type RunId,
  type TenantId,
} from '../kernel/ids.ts';

export interface PersonNotificationFilter {
  /** The tenants that a token is made for; null is every tenant of its user. */
  readonly tenantIds: readonly TenantId[] | null;
}

export interface PersonNotificationRow {
  readonly id: NotificationId;
  readonly tenant_id: TenantId;
  readonly tenant_name: string;
  readonly run_id: RunId;
  readonly state: NotificationsTable['state'];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly read_at: Date | null;
}

/** One person's notifications over all tenants that the person is still a member of. */
export const personNotificationsList: KeysetList<
  PersonTx,
  PersonNotificationFilter,
  PersonNotificationRow,
  [NotificationId]
> = {
  name: () => 'person-notifications',
  key: z.tuple([notificationIdSchema]),
  keyOf: (row) => [row.id],
  select(tx, filter, { after, limit }) {
    let query = tx.db
      .selectFrom('notifications as n')
      .select(['n.id', 'n.tenant_id', 'n.run_id', 'n.state'])
      .select(['n.created_at', 'n.updated_at', 'n.read_at'])
      // Per row of the page: joined, the wall around tenants would be asked for every tenant.
      .select((row) =>
        row
          .selectFrom('tenants as t')
          .select('t.name')
          .whereRef('t.id', '=', 'n.tenant_id')
          .$asScalar()
          .$notNull()
          .as('tenant_name'),
      )
      .where('n.user_id', '=', tx.userId)
      .orderBy('n.id', 'desc')
      .limit(limit);
    if (after !== undefined) query = query.where('n.id', '<', after[0]);
    if (filter.tenantIds !== null) {
      query = query.where(sql<boolean>`n.tenant_id = any(${filter.tenantIds}::uuid[])`);
    }
    return query;
  },
};
