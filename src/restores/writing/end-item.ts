import { type ErrorCode, isErrorCode } from '../../kernel/errors.ts';
import {
  failed,
  type ItemEnding,
  succeeded,
  unknown,
  type Waiting,
  waitUntil,
} from '../../runs/run-type.ts';
import type { ItemToWrite } from './item-to-write.ts';
import { reach } from './points.ts';
import { type Settled, settleItem } from './settle-item.ts';
import type { WritingContext } from './writing-context.ts';

/** Settles an item, and says how its run's item ends. */
export async function settle(
  ctx: WritingContext,
  item: ItemToWrite,
  settled: Settled,
): Promise<ItemEnding> {
  reach('before_settle');
  const { result, code } = await ctx.record((tx) => settleItem(tx, ctx, item, settled));
  reach('after_settle');
  return endingOf(result, code);
}

/** How the run's item ends by what became of the restore's. */
export function endingOf(result: Settled['result'], code: string | null): ItemEnding {
  const reason = codeOf(code);
  switch (result) {
    case 'verified':
    case 'removed':
      return succeeded({ result });
    case 'unknown':
      return unknown(reason, { result });
    case 'differs':
    case 'failed':
    case 'not_written':
      return failed(reason, { result });
  }
}

export function later(ctx: WritingContext, afterMs: number, code: Waiting['code']): Waiting {
  return waitUntil(new Date(ctx.now().getTime() + afterMs), code);
}

/** A stored code; one that this version does not know is told in general words. */
export function codeOf(stored: string | null): ErrorCode {
  return stored !== null && isErrorCode(stored) ? stored : 'restore.write_failed';
}
