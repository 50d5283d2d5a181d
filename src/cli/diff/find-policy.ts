import { z } from 'zod';
import { type Policy, policySchema } from '../../api/policies.ts';
import type { Tenant } from '../../api/tenants.ts';
import { versionSchema } from '../../api/versions.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ApiClient } from '../client/api-client.ts';
import { UsageError } from '../command.ts';
import { printable } from '../output.ts';
import type { Side } from './side.ts';

/**
 * A policy by its id, or by a name that only one bears. One that is there goes before those that
 * are gone.
 */
export async function findPolicy(
  api: ApiClient,
  tenant: Tenant,
  nameOrId: string,
): Promise<Policy> {
  const path = `/api/tenants/${tenant.id}/policies`;
  if (z.uuid().safeParse(nameOrId).success) return api.get(`${path}/${nameOrId}`, policySchema);
  const namesakes: Policy[] = [];
  for await (const policy of api.list(path, policySchema, { q: nameOrId.slice(0, 200) })) {
    if (policy.name === nameOrId) namesakes.push(policy);
  }
  const there = namesakes.filter(({ missingSince }) => missingSince === null);
  const [found, another] = there.length > 0 ? there : namesakes;
  if (found === undefined) {
    throw new UsageError(`"${printable(nameOrId)}": ${printable(tenant.name)} has no such policy`);
  }
  if (another === undefined) return found;
  const ids = namesakes.map(({ id, typeTitle }) => `${id} (${typeTitle})`).join(', ');
  throw new UsageError(`"${printable(nameOrId)}": several are called so; give an id: ${ids}`);
}

type VersionSide = Extract<Side, { kind: 'version' | 'versionId' }>;

/** @throws AppError comparison.no_version when nothing was kept of the policy */
export async function findVersionId(
  api: ApiClient,
  tenant: Tenant,
  side: VersionSide,
): Promise<string> {
  if (side.kind === 'versionId') return side.id;
  const policy = await findPolicy(api, tenant, side.policy);
  const number = side.number ?? policy.latestVersion;
  if (number === null) throw new AppError('comparison.no_version');
  return (await api.get(`${policy.links.versions}/${number}`, versionSchema)).id;
}
