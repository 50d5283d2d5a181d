import { sql } from 'kysely';
import { parseBody } from '../../backups/parse-body.ts';
import { readVersionBodies } from '../../backups/read-version.ts';
import { contractOf, POLICY_TYPES, type PolicyType } from '../../graph/contracts/list.ts';
import { findReferences } from '../../graph/writing/references.ts';
import type { PolicyId } from '../../kernel/ids.ts';
import type { SliceTx } from '../../runs/run-type.ts';
import type { WritingContext } from './writing-context.ts';

/** Bodies that are read at once. */
const PORTION = 100;

/**
 * Notes which policies still refer to objects by ids that are gone, now that those were made anew
 * under others: as their latest versions tell. What this restore wrote has the new ids already.
 */
export async function findDangling(ctx: WritingContext): Promise<void> {
  const recreated = await ctx.inTenant((tx) => findRecreated(tx, ctx));
  for (const object of recreated) {
    const types = POLICY_TYPES.filter((type) =>
      contractOf(type).references.some(({ to }) => to === object.type),
    );
    let after: string | null = null;
    do {
      const from: string | null = after;
      after = await ctx.inTenant((tx) => noteReferrers(tx, ctx, object, types, from));
    } while (after !== null);
  }
}

interface Recreated {
  readonly version_id: string;
  readonly type: PolicyType;
  readonly old_id: string;
  readonly new_id: string;
}

async function findRecreated(tx: SliceTx, { input }: WritingContext): Promise<Recreated[]> {
  const { rows } = await sql<Recreated>`
    select i.version_id, i.type, i.source_graph_id as old_id, i.result_graph_id as new_id
    from restore_items i
      join restores r on r.tenant_id = i.tenant_id and r.id = i.restore_id
    where i.tenant_id = ${tx.tenantId} and i.restore_id = ${input.restoreId}
      and r.source_kind <> 'copies' and i.action = 'create'
      and i.result in ('verified', 'differs') and i.result_graph_id <> i.source_graph_id
    order by i.position, i.version_id`.execute(tx.db);
  return rows;
}

interface Referrer {
  readonly policy_id: PolicyId;
  readonly type: PolicyType;
  readonly content_hash: Buffer;
}

/** @returns the last policy looked at, null at the end */
async function noteReferrers(
  tx: SliceTx,
  { input }: WritingContext,
  object: Recreated,
  types: readonly PolicyType[],
  after: string | null,
): Promise<string | null> {
  if (types.length === 0) return null;
  // the id is looked for in the bytes first: few bodies have to be taken apart
  const { rows } = await sql<Referrer>`
    select p.id as policy_id, p.type, v.content_hash
    from policies p
      join policy_versions v on v.tenant_id = p.tenant_id and v.policy_id = p.id
        and v.number = p.latest_version
      join snapshots s on s.tenant_id = v.tenant_id and s.content_hash = v.content_hash
    where p.tenant_id = ${tx.tenantId} and p.type = any(${types}::text[])
      and p.missing_since is null and (${after}::uuid is null or p.id > ${after}::uuid)
      and position(convert_to(to_json(${object.old_id}::text)::text, 'UTF8') in s.body) > 0
    order by p.id limit ${PORTION}`.execute(tx.db);
  const bodies = await readVersionBodies(
    tx,
    rows.map((row) => row.content_hash),
  );
  for (const { policy_id: policyId, type, content_hash: hash } of rows) {
    const body = parseBody(bodies.get(hash.toString('hex')) ?? '');
    const places = findReferences(type, body).filter(
      ({ to, id }) => to === object.type && id === object.old_id,
    );
    for (const { at } of places) {
      await tx.db
        .insertInto('restore_dangling')
        .values({
          tenant_id: tx.tenantId,
          restore_id: input.restoreId,
          version_id: object.version_id,
          policy_id: policyId,
          at,
          kind: object.type,
          old_id: object.old_id,
          new_id: object.new_id,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }
  return rows.length < PORTION ? null : (rows.at(-1)?.policy_id ?? null);
}
