import { strict as assert } from 'node:assert';
import type { GraphRequest } from '../client/exchange.ts';
import type { Contract } from '../contracts/define-contract.ts';

/** Batching does not help a bucket that allows one request a second, and hides whose turn it is. */
function isBatchable(contract: Contract): boolean {
  return contract.bucket !== 'conditionalAccess';
}

/** The first page of a type's collection. */
export function listRequest(contract: Contract, signal: AbortSignal, query = ''): GraphRequest {
  const queries = [contract.listing.query, query].filter((part) => part !== '').join('&');
  return {
    ...getRequest(contract, '', '', queries, signal),
    // Pages come one after the other: waiting for company would only delay them.
    isBatchable: false,
    // One policy with a number too large must not hide its neighbours.
    unsafeNumbers: 'mark',
  };
}

/** One policy, with the parts that come along expanded. */
export function itemRequest(
  contract: Contract,
  graphId: string,
  expand: readonly string[],
  signal: AbortSignal,
): GraphRequest {
  assert(graphId !== '', 'a policy is read by its id');
  const query = expand.length === 0 ? '' : `$expand=${expand.join(',')}`;
  return getRequest(contract, graphId, '', query, signal);
}

/** The first page of a sub-resource of one policy. */
export function partRequest(
  contract: Contract,
  graphId: string,
  part: string,
  query: string,
  signal: AbortSignal,
): GraphRequest {
  return getRequest(contract, graphId, part, query, signal);
}

function getRequest(
  contract: Contract,
  graphId: string,
  part: string,
  query: string,
  signal: AbortSignal,
): GraphRequest {
  // An empty or dotted id would address the collection instead of a policy.
  assert(!/^\.{1,2}$/.test(graphId), 'a policy id is no path');
  const base = `/${contract.apiVersion}${contract.path}`;
  const item = graphId === '' ? '' : `/${encodeURIComponent(graphId)}`;
  const below = part === '' ? '' : `/${part}`;
  return {
    method: 'GET',
    url: `${base}${item}${below}${query === '' ? '' : `?${query}`}`,
    template: `${base}${item === '' ? '' : '/{id}'}${below}`,
    bucket: contract.bucket,
    cost: 1,
    isBatchable: isBatchable(contract),
    unsafeNumbers: 'refuse',
    signal,
  };
}
