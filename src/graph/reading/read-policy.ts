import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/canonical-json.ts';
import { AppError } from '../../kernel/errors.ts';
import type { GraphRequest } from '../client/exchange.ts';
import { followPages, type GraphWay, readAllRows, readPages } from '../client/read-pages.ts';
import type { Contract, ContractPart } from '../contracts/define-contract.ts';
import { itemRequest, partRequest } from './requests.ts';

/**
 * One policy with all its parts in place. Where the contract names a count, what was read must
 * agree with it; a disagreement is read once more, from the parts' own addresses.
 * @throws AppError `graph.not_found` when it is gone, `graph.incomplete` when it stays short.
 */
export async function readWholePolicy(
  way: GraphWay,
  contract: Contract,
  graphId: string,
  signal: AbortSignal,
): Promise<JsonObject> {
  const policy = await readOnce(way, contract, contract.parts, graphId, signal);
  if (shortfallOf(contract, policy) === undefined) return policy;
  const counted = contract.parts.map((part) =>
    part.countedBy === undefined ? part : { ...part, how: 'collection' as const, query: '' },
  );
  const again = await readOnce(way, contract, counted, graphId, signal);
  const shortfall = shortfallOf(contract, again);
  if (shortfall !== undefined) throw shortfall;
  return again;
}

async function readOnce(
  way: GraphWay,
  contract: Contract,
  parts: readonly ContractPart[],
  graphId: string,
  signal: AbortSignal,
): Promise<JsonObject> {
  const expanded = parts.filter((part) => part.how === 'expanded');
  const own = parts.filter((part) => part.how === 'collection');
  const request = itemRequest(
    contract,
    graphId,
    expanded.map((part) => part.query),
    signal,
  );
  const item = readItem(way, request, expanded, graphId);
  const [whole, ...collections] = await Promise.all([
    item,
    ...own.map(async (part): Promise<[string, JsonValue]> => {
      const first = partRequest(contract, graphId, part.name, part.query, signal);
      return [part.name, await readPart(part.name, readPages(way, first), item)];
    }),
  ]);
  return { ...whole, ...Object.fromEntries(collections) };
}

/** All rows of a part. A part that is not found does not make its policy gone: that one tells. */
async function readPart(
  part: string,
  pages: AsyncIterable<readonly JsonObject[]>,
  policy: Promise<unknown>,
): Promise<JsonObject[]> {
  try {
    return await readAllRows(pages);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'graph.not_found') throw error;
    await policy;
    throw new AppError('graph.incomplete', { part });
  }
}

/** The policy itself and the rest of its expanded parts, where they have more pages. */
async function readItem(
  way: GraphWay,
  request: GraphRequest,
  expanded: readonly ContractPart[],
  graphId: string,
): Promise<JsonObject> {
  const { body } = await way.send(request);
  if (!isJsonObject(body) || body['id'] !== graphId) {
    throw new AppError('graph.answer_unreadable', { reason: 'item' });
  }
  const whole = await Promise.all(
    expanded.map(async ({ name }): Promise<[string, JsonValue]> => {
      const rest = followPages(way, request, expandedPage(body, name));
      return [name, await readPart(name, rest, Promise.resolve())];
    }),
  );
  return { ...body, ...Object.fromEntries(whole) };
}

/** An expanded collection bears its paging beside it; a missing one is no empty one. */
function expandedPage(item: JsonObject, name: string): JsonObject {
  const value = item[name];
  if (value === undefined) throw new AppError('graph.incomplete', { part: name });
  const nextLink = item[`${name}@odata.nextLink`];
  return nextLink === undefined ? { value } : { value, '@odata.nextLink': nextLink };
}

/** Why the policy is not whole, by the counts it bears itself. */
function shortfallOf(contract: Contract, policy: JsonObject): AppError | undefined {
  for (const { name, countedBy } of contract.parts) {
    if (countedBy === undefined) continue;
    const expected = policy[countedBy];
    const rows = policy[name];
    const read = Array.isArray(rows) ? rows.length : 0;
    // No count at all is as bad as a wrong one: nothing then tells 25 of 300 from 25.
    if (expected !== read) {
      const told = typeof expected === 'number' ? { expected } : {};
      return new AppError('graph.incomplete', { part: name, read, ...told });
    }
  }
  return undefined;
}
