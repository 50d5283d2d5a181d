import { z } from 'zod';
import { AppError } from '../../src/kernel/errors.ts';
import { defineRunType, failed, type Item, skipped, succeeded } from '../../src/runs/run-type.ts';

const inputSchema = z.object({
  name: z.string(),
  count: z.number().int(),
  /** Each item takes this long. */
  itemMs: z.number().int().default(0),
});

/** What the items of this process did, for stories that count. */
export const worked: { name: string; id: string }[] = [];
/** What an item shall do instead of counting, by its id. */
export const misbehaviour = new Map<string, (item: Item, signal: AbortSignal) => Promise<void>>();
/** The outcome with which runs ended, as the hook in the ending transaction saw it. */
export const endings: { runId: string; outcome: string }[] = [];

/** A trivial run: one listing that finds `count` numbers, and each number counted. */
export const countingRun = defineRunType({
  name: 'test.count',
  title: 'Count',
  input: inputSchema,
  target: (input) => `count:${input.name}`,
  capability: 'policies:sync',
  graph: 'none',
  attemptsMax: 3,
  itemTimeoutMs: 1_500,
  concurrency: 4,
  perform: {
    async *plan() {
      yield { kind: 'listing', id: 'numbers', label: 'Numbers', discovers: true };
    },
    async item(ctx, item) {
      if (item.kind === 'listing') {
        const items = Array.from({ length: ctx.input.count }, (_, index) => ({
          kind: 'number',
          id: String(index),
          label: `Number ${index}`,
        }));
        await ctx.inTenant((tx) => ctx.addItems(tx, items));
        return succeeded();
      }
      await misbehaviour.get(item.id)?.(item, ctx.signal);
      if (ctx.input.itemMs > 0) await pause(ctx.input.itemMs, ctx.signal);
      await ctx.inTenant(async () => worked.push({ name: ctx.input.name, id: item.id }));
      if (item.id === 'skip') return skipped('policy.unchanged');
      if (item.id === 'fail') return failed('graph.refused');
      return succeeded();
    },
    async ended(tx, outcome) {
      endings.push({ runId: tx.runId, outcome });
    },
  },
});

/** Time passing in an outside call that can be broken off. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new AppError('run.interrupted'));
    });
  });
}
