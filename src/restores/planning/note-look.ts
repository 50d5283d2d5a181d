import { sql } from 'kysely';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import { AppError, ERRORS, type ErrorCode } from '../../kernel/errors.ts';
import {
  failed,
  type Item,
  type ItemEnding,
  type NewItem,
  type RunContext,
} from '../../runs/run-type.ts';
import { PLAN_ATTEMPTS_MAX, type PlanInput } from './plan-input.ts';

/** Beside the types, the look at which groups there are. */
export const GROUPS_LOOK = 'groups';
/** And the one at what needs a second person's consent. */
export const APPROVALS_LOOK = 'approvals';

/** Matching begins when every look has ended, well or not. */
const MATCHING: NewItem = {
  kind: 'matching',
  id: 'matching',
  label: 'What is there already',
  discovers: true,
};

/**
 * Works an item that looks through a part of the tenant, and notes how it ended. The last one adds
 * the matching: nothing is matched with half a tenant. A part that cannot be looked through blocks
 * the items that need it and no others; that is known only when it will not be tried again.
 */
export async function workLook(
  ctx: RunContext<PlanInput, 'read'>,
  item: Item,
  look: () => Promise<ItemEnding>,
): Promise<ItemEnding> {
  try {
    const ending = await look();
    await noteLook(ctx, item.id, ending.outcome === 'succeeded' ? 'listed' : ending.code);
    return ending;
  } catch (error) {
    const code: ErrorCode = error instanceof AppError ? error.code : 'internal';
    if (ctx.signal.aborted || !(await isLastAttempt(ctx, item, code))) throw error;
    await noteLook(ctx, item.id, code);
    return failed(code, error instanceof AppError ? error.details : {});
  }
}

/** These end the slice or wait; they are no attempt of the item. */
const NO_ATTEMPT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'graph.throttled',
  'database.unreachable',
  'run.fence_lost',
  'run.cancelled',
  'run.rights_missing',
  'run.interrupted',
]);

async function isLastAttempt(
  ctx: RunContext<PlanInput, 'read'>,
  item: Item,
  code: ErrorCode,
): Promise<boolean> {
  if (NO_ATTEMPT.has(code)) return false;
  if (ERRORS[code].retry !== 'later') return true;
  const row = await ctx.inTenant((tx) =>
    tx.db
      .selectFrom('run_items')
      .select('attempts')
      .where('tenant_id', '=', tx.tenantId)
      .where('run_id', '=', tx.runId)
      .where('seq', '=', item.seq)
      .executeTakeFirst(),
  );
  return (row?.attempts ?? 0) + 1 >= PLAN_ATTEMPTS_MAX;
}

async function noteLook(
  ctx: RunContext<PlanInput, 'read'>,
  look: string,
  result: string,
): Promise<void> {
  await ctx.inTenant(async (tx) => {
    const { rows } = await sql<{ plan_looks: JsonObject }>`
      update restores set plan_looks = plan_looks || ${JSON.stringify({ [look]: result })}::jsonb
      where tenant_id = ${tx.tenantId} and id = ${ctx.input.restoreId}
      returning plan_looks`.execute(tx.db);
    const looks = Object.values(rows[0]?.plan_looks ?? {});
    if (looks.every((each) => each !== null)) await ctx.addItems(tx, [MATCHING]);
  });
}
