import { z } from 'zod';
import { DIFFERENCES_MAX } from '../../api/changes.ts';
import { versionDifferencesSchema } from '../../api/comparisons.ts';
import { readGroupNames } from '../../backups/read-group-names.ts';
import { compareVersions } from '../../comparisons/compare-versions.ts';
import type { VersionSide } from '../../comparisons/find-version.ts';
import { type TenantId, versionIdSchema } from '../../kernel/ids.ts';
import { groupIdsIn } from '../group-ids-in.ts';
import { versionLinks } from '../links.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';
import { titleOfPolicyType } from '../title-of-policy-type.ts';

/** What is not the same in two versions. */
export function differenceRoutes(): GuardedRoute[] {
  return [readDifferences];
}

const readDifferences = tenantRoute({
  method: 'get',
  path: '/api/tenants/{tenant}/versions/{version}/differences',
  summary: 'What differs from another version of its type, by default the one before it',
  capability: 'backups:read',
  params: z.object({ version: versionIdSchema }),
  query: z.strictObject({ since: versionIdSchema.optional() }),
  body: NOTHING,
  answer: versionDifferencesSchema,
  statuses: [200],
  async handle({ tx, params, query }) {
    const compared = await compareVersions(tx, params.version, query.since);
    const { before, after } = compared;
    const differences = compared.differences.slice(0, DIFFERENCES_MAX);
    const names = await readGroupNames(tx, groupIdsIn(differences.map(({ label }) => label)));
    return {
      status: 200,
      body: {
        type: after.type,
        typeTitle: titleOfPolicyType(after.type),
        before: before && presentSide(before, tx.tenantId),
        after: presentSide(after, tx.tenantId),
        differences,
        differenceCount: compared.differences.length,
        groupNames: Object.fromEntries(names),
      },
    };
  },
});

function presentSide(side: VersionSide, tenantId: TenantId) {
  return {
    id: side.id,
    policyId: side.policy_id,
    number: side.number,
    name: side.name,
    readAt: side.read_at.toISOString(),
    links: versionLinks(tenantId, side.policy_id, side.number),
  };
}
