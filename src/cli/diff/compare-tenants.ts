import { backupItemSchema } from '../../api/backups.ts';
import {
  type Comparison,
  comparisonCopiesSchema,
  comparisonSchema,
} from '../../api/comparisons.ts';
import { policySchema } from '../../api/policies.ts';
import type { Tenant } from '../../api/tenants.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ApiClient } from '../client/api-client.ts';
import { UsageError } from '../command.ts';
import { findVersionId } from './find-policy.ts';
import type { Side } from './side.ts';

/** A side, and the tenant that it is of. */
export interface PlacedSide {
  readonly side: Side;
  readonly tenant: Tenant;
}

/**
 * Makes a comparison in the tenant of the second side and copies the first one into it: the only
 * way that content has from tenant to tenant. It waits for its run.
 */
export async function makeComparison(
  api: ApiClient,
  a: PlacedSide,
  b: PlacedSide,
): Promise<Comparison> {
  const theirs = await chooseCopies(api, a);
  const ours = await chooseOwn(api, b);
  const path = `/api/tenants/${b.tenant.id}/comparisons`;
  const comparison = await api.post(path, { ours }, comparisonSchema);
  for (let at = 0; at < theirs.ids.length; at += PORTION) {
    const copies = { [theirs.name]: theirs.ids.slice(at, at + PORTION) };
    const body = { fromTenantId: a.tenant.id, ...copies };
    await api.post(`${comparison.links.self}/copies`, body, comparisonCopiesSchema);
  }
  return comparison;
}

/** As many versions as one request copies. */
const PORTION = 50;

interface Copies {
  readonly name: 'versionIds' | 'policyIds';
  readonly ids: readonly string[];
}

async function chooseCopies(api: ApiClient, { side, tenant }: PlacedSide): Promise<Copies> {
  const ids: string[] = [];
  if (side.kind === 'live') throw new UsageError(LIVE_ELSEWHERE);
  if (side.kind === 'version' || side.kind === 'versionId') {
    return { name: 'versionIds', ids: [await findVersionId(api, tenant, side)] };
  }
  if (side.kind === 'backup') {
    const path = `/api/tenants/${tenant.id}/backups/${side.id}/items`;
    for await (const item of api.list(path, backupItemSchema)) ids.push(item.versionId);
    if (ids.length === 0) throw new AppError('comparison.nothing_copied');
    return { name: 'versionIds', ids };
  }
  const path = `/api/tenants/${tenant.id}/policies`;
  for await (const policy of api.list(path, policySchema, { missing: false })) {
    if (policy.latestVersion !== null) ids.push(policy.id);
  }
  if (ids.length === 0) throw new AppError('comparison.no_version');
  return { name: 'policyIds', ids };
}

async function chooseOwn(api: ApiClient, { side, tenant }: PlacedSide): Promise<object> {
  if (side.kind === 'live') throw new UsageError(LIVE_ELSEWHERE);
  if (side.kind === 'tenant') return {};
  if (side.kind === 'backup') return { backupId: side.id };
  return { versionId: await findVersionId(api, tenant, side) };
}

const LIVE_ELSEWHERE =
  'live: is compared within its tenant; capture a snapshot of it, and compare versions';
