import { z } from 'zod';
import { comparisonCopiesSchema } from '../../api/comparisons.ts';
import { copyIntoComparison } from '../../comparisons/copying/copy-into-comparison.ts';
import { comparisonIdSchema, tenantIdSchema } from '../../kernel/ids.ts';
import { COPIED_AT_ONCE_MAX } from '../../restores/copy-sources.ts';
import { actorOf } from '../actor-of.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';

const bodySchema = z
  .strictObject({
    /** Whose versions they are: you need backups:export there. */
    fromTenantId: z.uuid().toLowerCase(),
    /** Not records of this tenant: whether they may be seen is asked in theirs. */
    versionIds: z.array(z.uuid().toLowerCase()).default([]),
    /** Policies there, each for its latest version. */
    policyIds: z.array(z.uuid().toLowerCase()).default([]),
  })
  .refine(({ versionIds, policyIds }) => {
    const count = versionIds.length + policyIds.length;
    return count >= 1 && count <= COPIED_AT_ONCE_MAX;
  }, `must name 1 to ${COPIED_AT_ONCE_MAX} versions`);
const askedSchema = z.object({
  tenantId: tenantIdSchema,
  comparisonId: comparisonIdSchema,
  ...bodySchema.shape,
});

/**
 * Copies versions of another tenant into a comparison. Checked like every route of this tenant
 * first; the copying itself takes a transaction in each tenant, one after the other.
 */
export function copyIntoComparisonRoute(): GuardedRoute {
  const checked = tenantRoute({
    method: 'post',
    path: '/api/tenants/{tenant}/comparisons/{comparison}/copies',
    summary: 'Copies versions of another tenant into a comparison that has not been started',
    capability: 'backups:create',
    params: z.object({ comparison: comparisonIdSchema }),
    query: NOTHING,
    body: bodySchema,
    answer: z.unknown(),
    statuses: [200],
    handle: async ({ tx, params, body }) => ({
      status: 200,
      body: { tenantId: tx.tenantId, comparisonId: params.comparison, ...body },
    }),
  });
  return {
    ...checked,
    answer: comparisonCopiesSchema,
    async serve(call) {
      const { body } = await checked.serve(call);
      const { fromTenantId, ...asked } = askedSchema.parse(body);
      const { db, principal } = call;
      const copying = { ...asked, fromTenantId: tenantIdSchema.parse(fromTenantId) };
      const copied = await copyIntoComparison(db, principal, actorOf(principal), copying);
      return { status: 200, body: copied };
    },
  };
}
