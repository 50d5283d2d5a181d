import { z } from 'zod';
import { pageQuerySchema } from '../../api/page.ts';
import {
  LISTED_DIFFERENCES_MAX,
  type RestoreItem,
  restoreDifferenceSchema,
  restoreItemSchema,
  restoreItemsPageSchema,
} from '../../api/restores.ts';
import { readGroupNames } from '../../backups/read-group-names.ts';
import { readPage } from '../../db/keyset.ts';
import { restoreIdSchema } from '../../kernel/ids.ts';
import { type RestoreItemRow, restoreItemsList } from '../../restores/list-restore-items.ts';
import { readSourceGroupNames } from '../../restores/mapping/name-targets.ts';
import { writeCursor } from '../cursor.ts';
import { readPosition } from '../list-route.ts';
import { reasonOf } from '../reason-of.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';
import { titleOfPolicyType } from '../title-of-policy-type.ts';

/** Each brings its differences along. */
const ITEMS_PAGE_MAX = 50;

/** What would become of each version that a restore chooses. */
export function restoreItemRoutes(): GuardedRoute[] {
  return [listItems];
}

const listItems = tenantRoute({
  method: 'get',
  path: '/api/tenants/{tenant}/restores/{restore}/items',
  summary: 'The items of a restore in the order of writing, with what its preview found',
  capability: 'backups:read',
  params: z.object({ restore: restoreIdSchema }),
  query: pageQuerySchema.extend({ action: restoreItemSchema.shape.action.unwrap().optional() }),
  body: NOTHING,
  answer: restoreItemsPageSchema,
  statuses: [200],
  async handle({ tx, params, query }) {
    const filter = { restoreId: params.restore, action: query.action };
    const listName = restoreItemsList.name(filter);
    const { after, limit } = readPosition(restoreItemsList, listName, tx.tenantId, query);
    const page = { after, limit: Math.min(limit, ITEMS_PAGE_MAX) };
    const { rows, next } = await readPage(restoreItemsList, tx, filter, page);
    const items = rows.map(presentItem);
    const ids = items.flatMap(groupIdsIn);
    const ours = await readGroupNames(tx, ids);
    const theirs = await readSourceGroupNames(tx, params.restore, ids);
    return {
      status: 200,
      body: {
        items,
        nextCursor: next && writeCursor(listName, tx.tenantId, next),
        groupNames: Object.fromEntries([...theirs, ...ours]),
      },
    };
  },
});

const warningsSchema = z.array(
  z.object({
    code: z.string(),
    at: z.string().exactOptional(),
    kind: z.string().exactOptional(),
    id: z.string().exactOptional(),
  }),
);

function presentItem(row: RestoreItemRow): RestoreItem {
  const differences = z.array(restoreDifferenceSchema).parse(row.differences);
  return {
    versionId: row.version_id,
    type: row.type,
    typeTitle: titleOfPolicyType(row.type),
    name: row.name,
    contentHash: row.content_hash.toString('hex'),
    choice: row.choice,
    match: row.match_kind && {
      kind: row.match_kind,
      graphId: row.match_graph_id,
      candidates: z.array(z.string()).parse(row.candidates),
    },
    action: row.action,
    reason: reasonOf(row.code),
    risk: row.risk,
    warnings: warningsSchema.parse(row.warnings).map(({ code, ...place }) => ({
      ...(reasonOf(code) ?? { code, message: code, next: '' }),
      ...place,
    })),
    differences: differences.slice(0, LISTED_DIFFERENCES_MAX),
    differenceCount: row.difference_count,
    position: row.position,
  };
}

/** Assignments are told by the id of their group; readers know groups by name. */
function groupIdsIn({ differences, warnings }: RestoreItem): string[] {
  const texts = [...differences.map(({ label }) => label), ...warnings.map(({ id }) => id ?? '')];
  return texts.flatMap((text) => text.match(GUID) ?? []).map((id) => id.toLowerCase());
}

const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;
