import { z } from 'zod';
import { restoreDetailSchema } from '../../api/restores.ts';
import { restoreIdSchema } from '../../kernel/ids.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { confirmRestore } from '../../restores/confirm-restore.ts';
import { DECISIONS_MAX, decideItems, itemDecisionSchema } from '../../restores/decide-items.ts';
import { repairReferences, retryRestore, undoRestore } from '../../restores/derive-restore.ts';
import { requireRestore } from '../../restores/find-restore.ts';
import { actorOf } from '../actor-of.ts';
import { presentRestoreDetail } from '../present-restore.ts';
import { type GuardedRoute, NOTHING, type TenantRequest, tenantRoute } from '../route.ts';

const oneRestore = z.object({ restore: restoreIdSchema });
const reason = plainText(500);

/**
 * What leads from a preview to what is written, and on from there. Nothing here writes to Graph:
 * that do the runs restore.execute and restore.resolve.
 */
export function restoreExecutionRoutes(): GuardedRoute[] {
  return [confirm, decide, retry, undo, repair];
}

const shared = {
  method: 'post',
  params: oneRestore,
  query: NOTHING,
  answer: restoreDetailSchema,
} as const;

const confirm = tenantRoute({
  ...shared,
  path: '/api/tenants/{tenant}/restores/{restore}/confirm',
  summary: "Confirms the preview that was looked at, by the tenant's name and a reason",
  capability: 'restores:execute',
  body: z.strictObject({
    fingerprint: z.string().regex(/^[0-9a-f]{64}$/i, 'must be the fingerprint of the preview'),
    tenantName: z.string().min(1).max(400),
    reason,
  }),
  statuses: [200],
  async handle({ tx, principal, params, body }) {
    await confirmRestore(tx, personOf(principal), params.restore, body);
    return { status: 200, body: await detailOf(tx, params.restore) };
  },
});

const decide = tenantRoute({
  ...shared,
  path: '/api/tenants/{tenant}/restores/{restore}/decisions',
  summary: 'Decides about unknown items; the run restore.resolve carries it out',
  capability: 'restores:execute',
  body: z.strictObject({
    tenantName: z.string().min(1).max(400),
    reason,
    decisions: z.array(itemDecisionSchema).min(1).max(DECISIONS_MAX),
  }),
  statuses: [200],
  async handle({ tx, principal, params, body }) {
    await decideItems(tx, personOf(principal), params.restore, body);
    return { status: 200, body: await detailOf(tx, params.restore) };
  },
});

const retry = tenantRoute({
  ...shared,
  path: '/api/tenants/{tenant}/restores/{restore}/retry',
  summary: 'Makes a new restore of the failed items alone',
  capability: 'restores:plan',
  body: NOTHING,
  statuses: [201],
  async handle({ tx, principal, params }) {
    return made(tx, await retryRestore(tx, actorOf(principal), params.restore));
  },
});

const undo = tenantRoute({
  ...shared,
  path: '/api/tenants/{tenant}/restores/{restore}/undo',
  summary: 'Makes a new restore that takes this one back',
  capability: 'restores:execute',
  body: z.strictObject({
    /** Choose everything that it made for deletion; else each is chosen one by one. */
    deleteCreated: z.boolean().default(false),
  }),
  statuses: [201],
  async handle({ tx, principal, params, body }) {
    return made(tx, await undoRestore(tx, actorOf(principal), params.restore, body));
  },
});

const repair = tenantRoute({
  ...shared,
  path: '/api/tenants/{tenant}/restores/{restore}/repair',
  summary: 'Makes a new restore that puts the new ids where policies refer to those that are gone',
  capability: 'restores:plan',
  body: NOTHING,
  statuses: [201],
  async handle({ tx, principal, params }) {
    return made(tx, await repairReferences(tx, actorOf(principal), params.restore));
  },
});

type Tx = TenantRequest<unknown, unknown, unknown>['tx'];
type Principal = TenantRequest<unknown, unknown, unknown>['principal'];

/** The caller as a person: what is confirmed holds only while that person has the right. */
function personOf(principal: Principal) {
  return { ...actorOf(principal), userId: principal.userId };
}

async function detailOf(tx: Tx, id: z.infer<typeof restoreIdSchema>) {
  return presentRestoreDetail(tx, await requireRestore(tx, id));
}

async function made(tx: Tx, id: z.infer<typeof restoreIdSchema>) {
  const body = await detailOf(tx, id);
  return { status: 201, body, headers: { location: body.links.self } };
}
