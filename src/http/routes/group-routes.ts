import { z } from 'zod';
import { type Group, groupSchema } from '../../api/groups.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { type GroupRow, groupsList } from '../../policies/groups/list-groups.ts';
import { tenantListRoute } from '../list-route.ts';
import { instantOf } from '../present-run.ts';
import { type GuardedRoute, NOTHING } from '../route.ts';

/** Groups of the directory; the run directory.sync_groups learns them. */
export function groupRoutes(): GuardedRoute[] {
  return [listGroups];
}

const listGroups = tenantListRoute({
  path: '/api/tenants/{tenant}/groups',
  summary: 'The groups of the directory as last seen, by name',
  capability: 'backups:read',
  params: NOTHING,
  filters: z.object({
    nameContains: plainText(200).optional(),
    missing: z.enum(['true', 'false']).optional(),
  }),
  item: groupSchema,
  list: groupsList,
  filterOf: ({ query }) => ({
    nameContains: query.nameContains,
    isMissing: query.missing === undefined ? undefined : query.missing === 'true',
  }),
  present: presentGroup,
});

function presentGroup(row: GroupRow): Group {
  return {
    id: row.graph_id,
    name: row.name,
    description: row.description,
    membershipRule: row.membership_rule,
    kind: row.kind,
    seenAt: row.seen_at.toISOString(),
    missingSince: instantOf(row.missing_since),
  };
}
