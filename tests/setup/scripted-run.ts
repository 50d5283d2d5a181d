import { z } from 'zod';
import type { Outcome } from '../../src/db/tables/runs.ts';
import {
  defineRunType,
  type Item,
  type ItemEnding,
  type NewItem,
  type RunContext,
  type SliceTx,
  succeeded,
} from '../../src/runs/run-type.ts';

type Context = RunContext<{ name: string }, 'none'>;

/** What a run of this process shall do; a story sets what it is about, `forget` clears it. */
export interface Script {
  plan?: ((ctx: Context) => AsyncIterable<NewItem>) | undefined;
  item?: ((ctx: Context, item: Item) => Promise<ItemEnding>) | undefined;
  finish?: ((ctx: Context) => Promise<void>) | undefined;
  ended?: ((tx: SliceTx, outcome: Outcome) => Promise<void>) | undefined;
}

export const script: Script = {};

export function forget(): void {
  script.plan = undefined;
  script.item = undefined;
  script.finish = undefined;
  script.ended = undefined;
}

/** Items 0 to `count` - 1. */
export async function* numbers(count: number): AsyncIterable<NewItem> {
  for (let index = 0; index < count; index += 1) {
    yield { kind: 'number', id: String(index), label: `Number ${index}` };
  }
}

/** One item that succeeds, unless the script says otherwise. */
export const scriptedRun = defineRunType({
  name: 'test.scripted',
  title: 'Follow the script',
  input: z.object({ name: z.string() }),
  target: (input) => `scripted:${input.name}`,
  capability: 'policies:sync',
  graph: 'none',
  attemptsMax: 3,
  itemTimeoutMs: 1_000,
  concurrency: 4,
  perform: {
    plan: (ctx) => script.plan?.(ctx) ?? numbers(1),
    item: async (ctx, item) => (await script.item?.(ctx, item)) ?? succeeded(),
    finish: async (ctx) => script.finish?.(ctx),
    ended: async (tx, outcome) => script.ended?.(tx, outcome),
  },
});

/** The same of a type that reads Graph; no story has a connection for it. */
export const readingRun = defineRunType({
  ...scriptedRun,
  name: 'test.reading',
  title: 'Read Graph',
  graph: 'read',
  perform: {
    plan: () => numbers(1),
    item: async () => succeeded(),
  },
});
