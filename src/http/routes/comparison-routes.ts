import { z } from 'zod';
import { differenceSchema } from '../../api/changes.ts';
import {
  type ComparisonItem,
  comparisonItemsPageSchema,
  comparisonKindSchema,
  comparisonSchema,
} from '../../api/comparisons.ts';
import { pageQuerySchema } from '../../api/page.ts';
import { readGroupNames } from '../../backups/read-group-names.ts';
import { createComparison, ownSideSchema } from '../../comparisons/copying/create-comparison.ts';
import { requireComparison } from '../../comparisons/find-comparison.ts';
import {
  type ComparisonItemRow,
  comparisonItemsList,
} from '../../comparisons/list-comparison-items.ts';
import { readPage } from '../../db/keyset.ts';
import { comparisonIdSchema, type PolicyId, type TenantId } from '../../kernel/ids.ts';
import { actorOf } from '../actor-of.ts';
import { writeCursor } from '../cursor.ts';
import { groupIdsIn } from '../group-ids-in.ts';
import { versionLinks } from '../links.ts';
import { readPosition } from '../list-route.ts';
import { presentComparison } from '../present-comparison.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';
import { titleOfPolicyType } from '../title-of-policy-type.ts';
import { copyIntoComparisonRoute } from './comparison-copy-routes.ts';

const comparisons = '/api/tenants/{tenant}/comparisons';
const oneComparison = z.object({ comparison: comparisonIdSchema });

/** What runs found when they compared, and comparisons with another tenant before their run. */
export function comparisonRoutes(): GuardedRoute[] {
  return [makeDraft, copyIntoComparisonRoute(), readComparison, listItems];
}

const makeDraft = tenantRoute({
  method: 'post',
  path: comparisons,
  summary: 'A comparison with another tenant: copy its versions into it, then start the run',
  capability: 'backups:create',
  params: NOTHING,
  query: NOTHING,
  body: z.strictObject({ ours: ownSideSchema.default({}) }),
  answer: comparisonSchema,
  statuses: [201],
  async handle({ tx, principal, body }) {
    const id = await createComparison(tx, actorOf(principal), body.ours);
    const created = presentComparison(await requireComparison(tx, id));
    return { status: 201, body: created, headers: { location: created.links.self } };
  },
});

const readComparison = tenantRoute({
  method: 'get',
  path: `${comparisons}/{comparison}`,
  summary: 'One comparison, with policies by what became of them',
  capability: 'backups:read',
  params: oneComparison,
  query: NOTHING,
  body: NOTHING,
  answer: comparisonSchema,
  statuses: [200],
  async handle({ tx, params }) {
    return { status: 200, body: presentComparison(await requireComparison(tx, params.comparison)) };
  },
});

/** Each brings its differences along. */
const ITEMS_PAGE_MAX = 50;

const listItems = tenantRoute({
  method: 'get',
  path: `${comparisons}/{comparison}/items`,
  summary: 'The policies that are not the same on both sides, setting by setting',
  capability: 'backups:read',
  params: oneComparison,
  query: pageQuerySchema.extend({ kind: comparisonKindSchema.optional() }),
  body: NOTHING,
  answer: comparisonItemsPageSchema,
  statuses: [200],
  async handle({ tx, params, query }) {
    const filter = { comparisonId: params.comparison, kind: query.kind };
    const listName = comparisonItemsList.name(filter);
    const { after, limit } = readPosition(comparisonItemsList, listName, tx.tenantId, query);
    const page = { after, limit: Math.min(limit, ITEMS_PAGE_MAX) };
    const { rows, next } = await readPage(comparisonItemsList, tx, filter, page);
    const items = rows.map((row) => presentItem(row, tx.tenantId));
    const labels = items.flatMap(({ differences }) => differences.map(({ label }) => label));
    const names = await readGroupNames(tx, groupIdsIn(labels));
    return {
      status: 200,
      body: {
        items,
        nextCursor: next && writeCursor(listName, tx.tenantId, next),
        groupNames: Object.fromEntries(names),
      },
    };
  },
});

function presentItem(row: ComparisonItemRow, tenantId: TenantId): ComparisonItem {
  return {
    policyId: row.after_policy_id ?? row.before_policy_id,
    type: row.type,
    typeTitle: titleOfPolicyType(row.type),
    name: row.name,
    kind: row.kind,
    before: row.before_number,
    after: row.after_number,
    differences: z.array(differenceSchema).parse(row.differences),
    differenceCount: row.difference_count,
    links: {
      before: linkToVersion(tenantId, row.before_policy_id, row.before_number),
      after: linkToVersion(tenantId, row.after_policy_id, row.after_number),
    },
  };
}

function linkToVersion(tenantId: TenantId, policyId: PolicyId | null, number: number | null) {
  if (policyId === null || number === null) return null;
  return versionLinks(tenantId, policyId, number).self;
}
