import type { NewItem } from '../runs/run-type.ts';
import { PLAN_BATCH_ITEMS } from './settings.ts';
import type { SliceContext } from './slice-context.ts';

/**
 * Writes down what the run is to work through. Repeated by each slice until the plan has come to
 * its end; planned items are upserted, so nothing is there twice.
 */
export async function planItems(slice: SliceContext): Promise<void> {
  let batch: NewItem[] = [];
  const write = async () => {
    const items = batch;
    batch = [];
    await slice.ctx.inTenant((tx) => slice.ctx.addItems(tx, items));
  };
  for await (const item of slice.type.perform.plan(slice.ctx)) {
    batch.push(item);
    if (batch.length >= PLAN_BATCH_ITEMS) await write();
  }
  if (batch.length > 0) await write();
}
