import assert from 'node:assert/strict';
import { contractOf, type PolicyType, policyTypeSchema } from '../graph/contracts/list.ts';
import type { ListedPolicy } from '../graph/port.ts';
import {
  type Item,
  type ItemEnding,
  type NewItem,
  type RunContext,
  type SliceTx,
  succeeded,
} from '../runs/run-type.ts';
import { findCoverage, recordCoverage } from '../tenants/record-coverage.ts';
import { askAhead } from './ask-ahead.ts';
import { type DatabaseInstant, readInstant } from './database-instant.ts';
import { findUnseen } from './find-unseen.ts';
import { type ObservedPolicy, observePolicies } from './observe-policies.ts';
import { policyItem } from './policy-item.ts';

/** A page of a listing that is in the inventory now, within the transaction that put it there. */
export type ObservedPage = readonly ObservedPolicy<ListedPolicy>[];

/** The item of a run that lists one type; working it finds the items of its policies. */
export function listingItem(type: PolicyType): NewItem {
  return { kind: 'listing', id: type, label: contractOf(type).title, discovers: true };
}

/** Items added in one transaction: as many as are planned at once. */
const UNSEEN_PORTION = 500;

/**
 * Works a listing item: lists the type to its end, each page observed in one transaction together
 * with what the run makes of it. May be repeated from the start.
 *
 * What is known and was not seen by then is not missing for that: half a page without next link
 * and count looks like a whole one. It becomes an item of the run, to be looked at by itself; only
 * Graph's word that this one policy is not there makes it missing. A listing that breaks off says
 * nothing about what it did not reach.
 */
export async function listType<Input>(
  ctx: RunContext<Input, 'read'>,
  item: Item,
  workPage: (tx: SliceTx, page: ObservedPage) => Promise<void>,
): Promise<ItemEnding> {
  assert(item.kind === 'listing', 'a listing item is worked by listing');
  const type = policyTypeSchema.parse(item.id);
  try {
    return await listToEnd(ctx, type, workPage);
  } catch (error) {
    const finding = findCoverage(error);
    if (finding === undefined) throw error;
    await ctx.inTenant((tx) => recordCoverage(tx, type, finding.state, finding.code));
    return finding.ending;
  }
}

async function listToEnd<Input>(
  ctx: RunContext<Input, 'read'>,
  type: PolicyType,
  workPage: (tx: SliceTx, page: ObservedPage) => Promise<void>,
): Promise<ItemEnding> {
  const beganAt = await ctx.inTenant(readInstant);
  let lookedAt = beganAt;
  let writtenAt = beganAt;
  let seen = 0;
  for await (const listed of askAhead(ctx.graph.list(type, ctx.signal))) {
    const looks = listed.map((face) => ({ type, face, lookedAt }));
    seen += listed.length;
    // The next page was asked for just now, after the page before this one was written down.
    lookedAt = writtenAt;
    writtenAt = await ctx.inTenant(async (tx) => {
      await workPage(tx, await observePolicies(tx, looks));
      return readInstant(tx);
    });
  }
  await ctx.inTenant((tx) => recordCoverage(tx, type, 'covered'));
  const unseen = await addUnseen(ctx, type, beganAt);
  return succeeded({ seen, unseen });
}

/** Adds an item for each policy that the listing did not hold; tells how many. */
async function addUnseen<Input>(
  ctx: RunContext<Input, 'read'>,
  type: PolicyType,
  beganAt: DatabaseInstant,
): Promise<number> {
  let found = 0;
  let after: string | undefined = '';
  while (after !== undefined) {
    const page = { after, limit: UNSEEN_PORTION };
    const unseen = await ctx.inTenant(async (tx) => {
      const policies = await findUnseen(tx, type, beganAt, page);
      const items = policies.map(({ graphId, name }) => policyItem({ type, graphId }, name));
      if (items.length > 0) await ctx.addItems(tx, items);
      return policies;
    });
    found += unseen.length;
    after = unseen.length < UNSEEN_PORTION ? undefined : unseen.at(-1)?.graphId;
  }
  return found;
}
