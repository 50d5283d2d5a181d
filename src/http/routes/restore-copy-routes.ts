import { z } from 'zod';
import { restoreCopiesSchema } from '../../api/restores.ts';
import { restoreIdSchema, tenantIdSchema } from '../../kernel/ids.ts';
import { COPIED_AT_ONCE_MAX, copySources } from '../../restores/copy-sources.ts';
import { actorOf } from '../actor-of.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';

const bodySchema = z.strictObject({
  /** Whose versions they are: you need backups:export there. */
  fromTenantId: z.uuid().toLowerCase(),
  /** Not records of this tenant: whether they may be seen is asked in theirs. */
  versionIds: z.array(z.uuid().toLowerCase()).min(1).max(COPIED_AT_ONCE_MAX),
});
const askedSchema = z.object({
  tenantId: tenantIdSchema,
  restoreId: restoreIdSchema,
  ...bodySchema.shape,
});

/**
 * Copies versions of another tenant into a restore. Checked like every route of this tenant first;
 * the copying itself takes a transaction in each tenant, one after the other, so that no request
 * holds one connection of the pool while it waits for another.
 */
export function copyVersionsRoute(): GuardedRoute {
  const checked = tenantRoute({
    method: 'post',
    path: '/api/tenants/{tenant}/restores/{restore}/copies',
    summary: 'Copies versions of another tenant into a restore whose source is "copies"',
    capability: 'restores:plan',
    params: z.object({ restore: restoreIdSchema }),
    query: NOTHING,
    body: bodySchema,
    answer: z.unknown(),
    statuses: [200],
    handle: async ({ tx, params, body }) => ({
      status: 200,
      body: { tenantId: tx.tenantId, restoreId: params.restore, ...body },
    }),
  });
  return {
    ...checked,
    answer: restoreCopiesSchema,
    async serve(call) {
      const { body } = await checked.serve(call);
      const { fromTenantId, ...asked } = askedSchema.parse(body);
      const { db, principal } = call;
      const copying = { ...asked, fromTenantId: tenantIdSchema.parse(fromTenantId) };
      return { status: 200, body: await copySources(db, principal, actorOf(principal), copying) };
    },
  };
}
