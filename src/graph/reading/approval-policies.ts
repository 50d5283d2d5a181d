import { isJsonObject, type JsonObject } from '../../kernel/canonical-json.ts';
import { textAt } from '../body-paths.ts';
import type { GraphRequest } from '../client/exchange.ts';
import { type GraphWay, readAllRows, readPages } from '../client/read-pages.ts';
import { APPROVAL_POLICIES } from '../contracts/directory-lookup.ts';

/** The kinds of changes that wait for a second person; a tenant has a handful of these policies. */
export async function readApprovalPolicies(
  way: GraphWay,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const rows = await readAllRows(readPages(way, approvalsRequest(signal)));
  return new Set(rows.flatMap(coveredBy));
}

/** META: `policyType` is on the policy itself, and on its `policySet`, which came later. */
function coveredBy(row: JsonObject): string[] {
  const { policySet } = row;
  const places = [row, ...(isJsonObject(policySet) ? [policySet] : [])];
  return places.map((place) => textAt(place, 'policyType')).filter((type) => type !== null);
}

function approvalsRequest(signal: AbortSignal): GraphRequest {
  const { apiVersion, path, bucket, cost } = APPROVAL_POLICIES;
  const url = `/${apiVersion}${path}`;
  return {
    method: 'GET',
    url,
    template: url,
    bucket,
    cost,
    isBatchable: true,
    unsafeNumbers: 'refuse',
    signal,
  };
}
