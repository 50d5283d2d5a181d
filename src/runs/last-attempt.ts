import { AppError, ERRORS, type ErrorCode } from '../kernel/errors.ts';
import type { GraphAccess, Item, RunContext } from './run-type.ts';

/** These end the slice or wait; they are no attempt of the item. */
const NO_ATTEMPT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'graph.throttled',
  'database.unreachable',
  'run.fence_lost',
  'run.cancelled',
  'run.rights_missing',
  'run.interrupted',
]);

/**
 * The code with which an item fails for good, when what was thrown is not going to be tried again;
 * undefined when it is, or when it is the slice that ends. For items that others wait for.
 */
export async function findLastFailure<Input, Access extends GraphAccess>(
  ctx: RunContext<Input, Access>,
  item: Item,
  error: unknown,
  attemptsMax: number,
): Promise<ErrorCode | undefined> {
  const code: ErrorCode = error instanceof AppError ? error.code : 'internal';
  if (ctx.signal.aborted || NO_ATTEMPT.has(code)) return undefined;
  if (ERRORS[code].retry !== 'later') return code;
  const row = await ctx.inTenant((tx) =>
    tx.db
      .selectFrom('run_items')
      .select('attempts')
      .where('tenant_id', '=', tx.tenantId)
      .where('run_id', '=', tx.runId)
      .where('seq', '=', item.seq)
      .executeTakeFirst(),
  );
  return (row?.attempts ?? 0) + 1 >= attemptsMax ? code : undefined;
}
