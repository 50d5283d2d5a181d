import type { PolicyType } from '../../graph/contracts/list.ts';
import type { WritingContext } from './writing-context.ts';

/** Ids of the objects of a type by name. */
export type NamesThere = ReadonlyMap<string, readonly string[]>;

/**
 * What bears which name now, read to the end of the collection.
 * @throws AppError graph.*
 */
export async function readNames(ctx: WritingContext, type: PolicyType): Promise<NamesThere> {
  const names = new Map<string, string[]>();
  for await (const page of ctx.graph.list(type, ctx.signal)) {
    for (const { name, graphId } of page) names.set(name, [...(names.get(name) ?? []), graphId]);
  }
  return names;
}

interface Listing {
  readonly readAtMs: number;
  readonly names: Promise<NamesThere>;
}

/** By the port of a slice: a slice reads each collection about once, however many it creates. */
const listings = new WeakMap<object, Map<PolicyType, Listing>>();

/**
 * How old a listing may be that tells what existed before a create. Somebody who makes an object of
 * the very name and content within this time would have it taken for ours.
 */
const LISTING_HOLDS_MS = 5_000;

/** The same, from a listing a few seconds old at most; what this restore makes is not in it. */
export function namesOfLate(ctx: WritingContext, type: PolicyType): Promise<NamesThere> {
  const known = listings.get(ctx.graph) ?? new Map<PolicyType, Listing>();
  listings.set(ctx.graph, known);
  const nowMs = ctx.now().getTime();
  const listing = known.get(type);
  if (listing !== undefined && nowMs - listing.readAtMs < LISTING_HOLDS_MS) return listing.names;
  const names = readNames(ctx, type);
  known.set(type, { readAtMs: nowMs, names });
  names.catch(() => known.delete(type));
  return names;
}
