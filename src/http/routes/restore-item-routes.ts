import { z } from 'zod';
import { pageQuerySchema } from '../../api/page.ts';
import {
  LISTED_DIFFERENCES_MAX,
  type RestoreItem,
  restoreDifferenceSchema,
  restoreItemSchema,
  restoreItemsPageSchema,
  restoreReferenceSchema,
  restoreResultSchema,
} from '../../api/restores.ts';
import { readGroupNames } from '../../backups/read-group-names.ts';
import { readPage } from '../../db/keyset.ts';
import { restoreIdSchema } from '../../kernel/ids.ts';
import { candidatesIn } from '../../restores/decide-items.ts';
import { danglingList } from '../../restores/list-dangling.ts';
import { type RestoreItemRow, restoreItemsList } from '../../restores/list-restore-items.ts';
import { readSourceGroupNames } from '../../restores/mapping/name-targets.ts';
import { findEnteredPlaces } from '../../restores/secrets/find-entered.ts';
import { writeCursor } from '../cursor.ts';
import { groupIdsIn } from '../group-ids-in.ts';
import { readPosition, tenantListRoute } from '../list-route.ts';
import { instantOf } from '../present-run.ts';
import { reasonOf } from '../reason-of.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';
import { titleOfPolicyType } from '../title-of-policy-type.ts';

/** Each brings its differences along. */
const ITEMS_PAGE_MAX = 50;

/** What would become of each version that a restore chooses. */
export function restoreItemRoutes(): GuardedRoute[] {
  return [listItems, listReferences];
}

const listItems = tenantRoute({
  method: 'get',
  path: '/api/tenants/{tenant}/restores/{restore}/items',
  summary: 'The items of a restore in the order of writing, with what its preview found',
  capability: 'backups:read',
  params: z.object({ restore: restoreIdSchema }),
  query: pageQuerySchema.extend({
    action: restoreItemSchema.shape.action.unwrap().optional(),
    result: restoreResultSchema.optional(),
  }),
  body: NOTHING,
  answer: restoreItemsPageSchema,
  statuses: [200],
  async handle({ tx, params, query }) {
    const filter = { restoreId: params.restore, action: query.action, result: query.result };
    const listName = restoreItemsList.name(filter);
    const { after, limit } = readPosition(restoreItemsList, listName, tx.tenantId, query);
    const page = { after, limit: Math.min(limit, ITEMS_PAGE_MAX) };
    const { rows, next } = await readPage(restoreItemsList, tx, filter, page);
    const versionIds = rows.map((row) => row.version_id);
    const entered = await findEnteredPlaces(tx, params.restore, versionIds);
    const items = rows.map((row) => presentItem(row, entered.get(row.version_id)));
    const ids = groupIdsIn(items.flatMap(textsOf));
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

const listReferences = tenantListRoute({
  path: '/api/tenants/{tenant}/restores/{restore}/references',
  summary: 'Policies that refer to objects by ids that are gone since this restore made them anew',
  capability: 'backups:read',
  params: z.object({ restore: restoreIdSchema }),
  filters: z.object({}),
  item: restoreReferenceSchema,
  list: danglingList,
  filterOf: ({ params }) => ({ restoreId: params.restore }),
  present: (row) => ({
    policyId: row.policy_id,
    type: row.type,
    typeTitle: titleOfPolicyType(row.type),
    name: row.name,
    at: row.at,
    kind: row.kind,
    oldId: row.old_id,
    newId: row.new_id,
  }),
});

const warningsSchema = z.array(
  z.object({
    code: z.string(),
    at: z.string().exactOptional(),
    kind: z.string().exactOptional(),
    id: z.string().exactOptional(),
  }),
);

function presentItem(row: RestoreItemRow, entered: readonly string[] = []): RestoreItem {
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
    secrets: [...new Set([...row.secret_places, ...entered])].sort().map((place) => ({
      place,
      isEntered: entered.includes(place),
    })),
    result: presentResult(row),
  };
}

function presentResult(row: RestoreItemRow): RestoreItem['result'] {
  if (row.result === null && row.decision === null) return null;
  return {
    state: row.result,
    reason: reasonOf(row.result_code),
    graphId: row.result_graph_id,
    differences: z.array(restoreDifferenceSchema).parse(row.result_differences),
    candidates: [...candidatesIn(row.result_candidates)],
    decision: row.decision,
    beforeHash: row.before_hash?.toString('hex') ?? null,
    afterHash: row.after_hash?.toString('hex') ?? null,
    settledAt: instantOf(row.settled_at),
  };
}

/** Readers know groups by name. */
function textsOf({ differences, warnings }: RestoreItem): string[] {
  return [...differences.map(({ label }) => label), ...warnings.map(({ id }) => id ?? '')];
}
