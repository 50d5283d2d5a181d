import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { PolicyDocument } from '../graph/policy-document.ts';
import { sha256Hex } from '../kernel/canonical-json.ts';
import {
  newId,
  type PolicyId,
  type RunId,
  type VersionId,
  versionIdSchema,
} from '../kernel/ids.ts';
import type { ObservedPolicy } from '../policies/observe-policies.ts';

/** A policy as it was read completely, in the inventory already. */
export type ReadPolicy = ObservedPolicy<PolicyDocument>;

/** Why a version is kept, and who asked. */
export interface KeepReason {
  readonly runId: RunId;
  readonly madeBy: string;
  readonly reason: string;
}

export interface KeptVersion {
  readonly versionId: VersionId;
  readonly number: number;
  /** This run made it; else the latest version said the same, or was read later. */
  readonly isNew: boolean;
  /** No version of any policy of this tenant had this content before. */
  readonly isNewBody: boolean;
}

/**
 * Keeps each document as a version of its policy, unless the latest version says the same or is of
 * a later look; under the policies' row locks, which `observePolicies` took in this transaction.
 * In the order of their hashes: two transactions that store the same bodies never wait in a circle.
 */
export async function keepVersions(
  tx: TenantTx,
  policies: readonly ReadPolicy[],
  why: KeepReason,
): Promise<ReadonlyMap<PolicyId, KeptVersion>> {
  const sorted = policies.toSorted((one, other) =>
    one.face.contentHash < other.face.contentHash ? -1 : 1,
  );
  for (const { face } of sorted) {
    assert(face.contentHash === sha256Hex(face.body), 'a document bears the hash of its body');
  }
  const { rows } = await sql<KeptVersion & { policyId: PolicyId }>`
    select s.policy as "policyId", k.version_id as "versionId", k.number, k.is_new as "isNew",
      k.is_new_body as "isNewBody"
    from unnest(${sorted.map(() => newId(versionIdSchema))}::uuid[],
      ${sorted.map(({ id }) => id)}::uuid[],
      ${sorted.map(({ face }) => Buffer.from(face.contentHash, 'hex'))}::bytea[],
      ${sorted.map(({ face }) => Buffer.from(face.body, 'utf8'))}::bytea[],
      ${sorted.map(({ face }) => Buffer.from(face.assignmentsHash, 'hex'))}::bytea[],
      ${sorted.map(({ face }) => Buffer.from(face.scopeTagsHash, 'hex'))}::bytea[],
      ${sorted.map(({ name }) => name)}::text[],
      ${sorted.map(({ lookedAt }) => lookedAt.at)}::timestamptz[],
      ${sorted.map(({ face }) => face.hasMaskedSecrets)}::boolean[],
      ${sorted.map(({ face }) => JSON.stringify(face.meta))}::text[],
      ${sorted.map(({ face }) => groupList(face))}::text[])
      with ordinality as s (id, policy, hash, body, assignments_hash, scope_tags_hash, name,
        looked_at, masked, meta, groups, n),
      lateral keep_version(s.id, s.policy, s.hash, s.body, s.assignments_hash, s.scope_tags_hash,
        s.name, ${why.reason}, ${why.madeBy}, ${why.runId}, s.looked_at, s.masked, s.meta::json,
        string_to_array(s.groups, ',')) as k
    order by s.n`.execute(tx.db);
  return new Map(rows.map(({ policyId, ...kept }) => [policyId, kept]));
}

/** Group ids are GUIDs, so a comma parts them; Graph compares them without regard to case. */
function groupList(document: PolicyDocument): string {
  return [...new Set(document.groupIds.map((id) => id.toLowerCase()))].join(',');
}
