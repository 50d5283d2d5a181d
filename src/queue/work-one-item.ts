import { AppError, ERRORS, type ErrorCode } from '../kernel/errors.ts';
import type {
  GraphAccess,
  Item,
  ItemEnding,
  RunContext,
  SliceTx,
  Waiting,
} from '../runs/run-type.ts';
import type { ItemResult } from './checkpoints.ts';
import type { SliceContext } from './slice-context.ts';
import { unlessIgnored } from './unless-ignored.ts';
import { retryAt, type SliceDeps } from './work-slice.ts';

export interface PendingItem extends Item {
  readonly attempts: number;
  readonly crashes: number;
}

/** Done, to be tried again, or broken off with the slice. */
export type ItemEnd =
  | { readonly kind: 'done'; readonly result: ItemResult }
  | {
      readonly kind: 'later';
      readonly result: ItemResult;
      readonly at: Date;
      readonly code: ErrorCode;
    }
  | { readonly kind: 'slice_over'; readonly error: unknown };

/** These end the slice, not the item. */
const ENDS_SLICE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'run.fence_lost',
  'run.cancelled',
  'run.rights_missing',
  'database.unreachable',
]);

/** Works one item within its time and turns whatever happens into a value. */
export async function workOneItem(
  deps: SliceDeps,
  slice: SliceContext,
  item: PendingItem,
): Promise<ItemEnd> {
  const startedAt = deps.clock.now();
  const record = (outcome: ItemResult['outcome'], more: Partial<ItemResult>): ItemResult => ({
    seq: item.seq,
    outcome,
    code: null,
    details: null,
    attempts: item.attempts,
    startedAt,
    endedAt: deps.clock.now(),
    ...more,
  });
  try {
    const ending = await workWithinTime(deps, slice, item);
    if (ending.outcome === 'waiting') {
      const { code, until } = ending;
      return { kind: 'later', result: record('pending', { code }), at: until, code };
    }
    const { outcome, code = null, details = null } = ending;
    return { kind: 'done', result: record(outcome, { code, details }) };
  } catch (error) {
    return endItemByError(deps, slice, item, error, record);
  }
}

function endItemByError(
  deps: SliceDeps,
  slice: SliceContext,
  item: PendingItem,
  error: unknown,
  record: (outcome: ItemResult['outcome'], more: Partial<ItemResult>) => ItemResult,
): ItemEnd {
  if (slice.ctx.signal.aborted) return { kind: 'slice_over', error: slice.ctx.signal.reason };
  const code: ErrorCode = error instanceof AppError ? error.code : 'internal';
  const details = error instanceof AppError ? error.details : null;
  if (ENDS_SLICE.has(code)) return { kind: 'slice_over', error };
  if (code === 'internal') {
    deps.log.failed('item failed', { runId: slice.run.id, seq: item.seq, code }, error);
  }
  // Being asked to wait is no failure of the item: it costs no attempt.
  const attempts = code === 'graph.throttled' ? item.attempts : item.attempts + 1;
  if (ERRORS[code].retry === 'later' && attempts < slice.type.attemptsMax) {
    const result = record('pending', { code, attempts });
    return { kind: 'later', result, at: retryAt(deps, error, attempts), code };
  }
  return { kind: 'done', result: record('failed', { code, details, attempts }) };
}

/**
 * The work, or `item.timed_out` when it takes longer than its type allows. Then its signal fires,
 * and it writes nothing more: it is tried again, or failed, and must not do both.
 */
async function workWithinTime(
  deps: SliceDeps,
  slice: SliceContext,
  item: Item,
): Promise<ItemEnding | Waiting> {
  const timeUp = new AbortController();
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new AppError('item.timed_out');
    timeUp.abort(error);
    timeout.reject(error);
  }, slice.type.itemTimeoutMs);
  try {
    const work = slice.type.perform.item(contextWithin(slice, timeUp.signal), item);
    return await Promise.race([unlessIgnored(deps, slice.ctx.signal, work), timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The slice's context for as long as the item has time. */
function contextWithin(
  { ctx }: SliceContext,
  timeUp: AbortSignal,
): RunContext<unknown, GraphAccess> {
  return {
    ...ctx,
    signal: AbortSignal.any([ctx.signal, timeUp]),
    inTenant: (work) => ctx.inTenant(inTime(timeUp, work)),
    record: (work) => ctx.record(inTime(timeUp, work)),
  };
}

function inTime<T>(timeUp: AbortSignal, work: (tx: SliceTx) => Promise<T>) {
  return async (tx: SliceTx): Promise<T> => {
    timeUp.throwIfAborted();
    const result = await work(tx);
    timeUp.throwIfAborted(); // rolls back
    return result;
  };
}
