import { AppError, type ErrorCode } from '../../kernel/errors.ts';
import {
  type Item,
  type ItemEnding,
  type NewItem,
  type RunContext,
  skipped,
  succeeded,
} from '../../runs/run-type.ts';
import { APPROVALS_LOOK, workLook } from './note-look.ts';
import type { PlanInput } from './plan-input.ts';

/** The item that finds out which changes need a second person's consent. */
export const APPROVALS_ITEM: NewItem = {
  kind: 'approvals',
  id: APPROVALS_LOOK,
  label: 'Approval policies',
  discovers: true,
};

/**
 * Answers by which Graph said that it will not tell. Consent to read these policies is a
 * convenience: without it nothing is known of them, and the preview is as good.
 */
const NOT_TOLD: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'graph.permission_missing',
  'graph.not_licensed',
  'graph.not_found',
  'graph.refused',
  'graph.route_unknown',
]);

/** Asks once for the whole preview; nothing waits for what it finds but a warning. */
export function checkApprovals(
  ctx: RunContext<PlanInput, 'read'>,
  item: Item,
): Promise<ItemEnding> {
  return workLook(ctx, item, async () => {
    try {
      const types = await ctx.graph.approvalPolicies(ctx.signal);
      await keepTypes(ctx, [...types].sort());
      return succeeded({ types: types.size });
    } catch (error) {
      if (!(error instanceof AppError) || !NOT_TOLD.has(error.code)) throw error;
      return skipped(error.code, error.details);
    }
  });
}

async function keepTypes(ctx: RunContext<PlanInput, 'read'>, types: string[]): Promise<void> {
  await ctx.inTenant((tx) =>
    tx.db
      .updateTable('restores')
      .set({ approval_types: types })
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', ctx.input.restoreId)
      .execute(),
  );
}
