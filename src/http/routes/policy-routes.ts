import { z } from 'zod';
import { type Policy, policySchema, policySortSchema } from '../../api/policies.ts';
import { type Version, versionDetailSchema, versionSchema } from '../../api/versions.ts';
import { findVersion, type VersionRow, versionsList } from '../../backups/list-versions.ts';
import { readVersionBody } from '../../backups/read-version.ts';
import { policyTypeSchema } from '../../graph/contracts/list.ts';
import { AppError } from '../../kernel/errors.ts';
import { policyIdSchema, type TenantId } from '../../kernel/ids.ts';
import { findPolicy, type PolicyRow } from '../../policies/find-policy.ts';
import { policiesList } from '../../policies/list-policies.ts';
import { policyLinks, versionLinks } from '../links.ts';
import { tenantListRoute } from '../list-route.ts';
import { instantOf } from '../present-run.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';
import { titleOfPolicyType } from '../title-of-policy-type.ts';

const policies = '/api/tenants/{tenant}/policies';
const onePolicy = z.object({ policy: policyIdSchema });
/** Part of a version's name, so a bad one is answered like one that does not exist. */
const oneVersion = onePolicy.extend({
  number: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .pipe(z.int()),
});

/** The inventory, and the versions that were kept of it. */
export function policyRoutes(): GuardedRoute[] {
  return [listPolicies, readPolicy, listVersions, readVersion];
}

const listPolicies = tenantListRoute({
  path: policies,
  summary: 'The inventory as last observed',
  capability: 'policies:read',
  params: NOTHING,
  filters: z.object({
    type: policyTypeSchema.optional(),
    q: z.string().min(1).max(200).optional(),
    missing: z.enum(['true', 'false']).optional(),
    sort: policySortSchema.default('name'),
  }),
  item: policySchema,
  list: policiesList,
  filterOf: ({ query }) => ({
    sort: query.sort,
    type: query.type,
    search: query.q,
    isMissing: query.missing === undefined ? undefined : query.missing === 'true',
  }),
  present: presentPolicy,
});

const readPolicy = tenantRoute({
  method: 'get',
  path: `${policies}/{policy}`,
  summary: 'One policy as last observed',
  capability: 'policies:read',
  params: onePolicy,
  query: NOTHING,
  body: NOTHING,
  answer: policySchema,
  statuses: [200],
  async handle({ tx, params }) {
    const row = await findPolicy(tx, params.policy);
    if (row === undefined) throw new AppError('forbidden');
    return { status: 200, body: presentPolicy(row, tx.tenantId) };
  },
});

const listVersions = tenantListRoute({
  path: `${policies}/{policy}/versions`,
  summary: 'Versions of a policy, newest first',
  capability: 'backups:read',
  params: onePolicy,
  filters: z.object({}),
  item: versionSchema,
  list: versionsList,
  filterOf: ({ params }) => ({ policyId: params.policy }),
  present: presentVersion,
});

const readVersion = tenantRoute({
  method: 'get',
  path: `${policies}/{policy}/versions/{number}`,
  summary: 'One version with its body, whose hash is verified',
  capability: 'backups:read',
  params: oneVersion,
  query: NOTHING,
  body: NOTHING,
  answer: versionDetailSchema,
  statuses: [200],
  async handle({ tx, params }) {
    const row = await findVersion(tx, params.policy, params.number);
    if (row === undefined) throw new AppError('forbidden');
    const body: unknown = JSON.parse(await readVersionBody(tx, row.content_hash));
    return { status: 200, body: { ...presentVersion(row, tx.tenantId), body, meta: row.meta } };
  },
});

function presentPolicy(row: PolicyRow, tenantId: TenantId): Policy {
  return {
    id: row.id,
    type: row.type,
    typeTitle: titleOfPolicyType(row.type),
    graphId: row.graph_id,
    name: row.name,
    platform: row.platform,
    lastModifiedAt: row.last_modified_at,
    firstSeenAt: row.first_seen_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    missingSince: instantOf(row.missing_since),
    latestVersion: row.latest_version,
    links: policyLinks(tenantId, row.id),
  };
}

function presentVersion(row: VersionRow, tenantId: TenantId): Version {
  return {
    id: row.id,
    policyId: row.policy_id,
    number: row.number,
    name: row.name,
    contentHash: row.content_hash.toString('hex'),
    assignmentsHash: row.assignments_hash.toString('hex'),
    scopeTagsHash: row.scope_tags_hash.toString('hex'),
    reason: row.reason,
    madeBy: row.made_by,
    runId: row.run_id,
    readAt: row.read_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    hasMaskedSecrets: row.has_masked_secrets,
    links: versionLinks(tenantId, row.policy_id, row.number),
  };
}
