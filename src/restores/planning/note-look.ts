import { sql } from 'kysely';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import { findLastFailure } from '../../runs/last-attempt.ts';
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
    const code = await findLastFailure(ctx, item, error, PLAN_ATTEMPTS_MAX);
    if (code === undefined) throw error;
    await noteLook(ctx, item.id, code);
    return failed(code, error instanceof AppError ? error.details : {});
  }
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
