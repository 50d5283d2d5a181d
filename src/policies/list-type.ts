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
import { readInstant } from './database-instant.ts';
import { markUnseen } from './mark-missing.ts';
import { type ObservedPolicy, observePolicies } from './observe-policies.ts';

/** A page of a listing that is in the inventory now, within the transaction that put it there. */
export type ObservedPage = readonly ObservedPolicy<ListedPolicy>[];

/** The item of a run that lists one type; working it finds the items of its policies. */
export function listingItem(type: PolicyType): NewItem {
  return { kind: 'listing', id: type, label: contractOf(type).title, discovers: true };
}

/**
 * Works a listing item: lists the type to its end, each page observed in one transaction together
 * with what the run makes of it. What was not seen is marked missing only after the last page: a
 * listing that breaks off says nothing about what it did not reach. May be repeated from the start.
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
  let seen = 0;
  for await (const listed of ctx.graph.list(type, ctx.signal)) {
    const looks = listed.map((face) => ({ type, face, lookedAt }));
    seen += listed.length;
    lookedAt = await ctx.inTenant(async (tx) => {
      await workPage(tx, await observePolicies(tx, looks));
      return readInstant(tx); // the next page is asked for after this
    });
  }
  const missing = await ctx.inTenant(async (tx) => {
    await recordCoverage(tx, type, 'covered');
    return markUnseen(tx, type, beganAt);
  });
  return succeeded({ seen, missing });
}
