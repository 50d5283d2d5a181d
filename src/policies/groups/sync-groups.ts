import { z } from 'zod';
import { MINUTE } from '../../kernel/durations.ts';
import {
  defineRunType,
  type ItemEnding,
  type NewItem,
  once,
  type RunContext,
  succeeded,
} from '../../runs/run-type.ts';
import { askAhead } from '../ask-ahead.ts';
import { readInstant } from '../database-instant.ts';
import { observeGroups } from './observe-groups.ts';
import { settleUnseenGroups } from './settle-unseen-groups.ts';

const LISTING: NewItem = { kind: 'groups', id: 'groups', label: 'Groups' };

/**
 * Learns the groups of a tenant's directory, so that people can choose what to map to without a
 * call to Graph. Repeated from its first page after a crash: what was written down stays, and only
 * a listing that came to its end says that a group is missing.
 */
export const syncGroups = defineRunType({
  name: 'directory.sync_groups',
  title: 'Sync groups',
  input: z.strictObject({}),
  target: () => 'groups',
  capability: 'policies:sync',
  graph: 'read',
  attemptsMax: 5,
  // a hundred thousand groups in pages of 999, with room for pauses
  itemTimeoutMs: 20 * MINUTE,
  concurrency: 1,
  perform: once(async () => LISTING, listToEnd),
});

async function listToEnd(ctx: RunContext<Record<string, never>, 'read'>): Promise<ItemEnding> {
  const beganAt = await ctx.inTenant(readInstant);
  let lookedAt = beganAt;
  let writtenAt = beganAt;
  let seen = 0;
  for await (const page of askAhead(ctx.graph.listGroups(ctx.signal))) {
    const asked = lookedAt;
    seen += page.length;
    // The next page was asked for just now, after the page before this one was written down.
    lookedAt = writtenAt;
    writtenAt = await ctx.inTenant(async (tx) => {
      await observeGroups(tx, page, asked);
      return readInstant(tx);
    });
  }
  const missing = await settleUnseenGroups(ctx, beganAt);
  return succeeded({ seen, missing });
}
