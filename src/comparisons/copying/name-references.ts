import type { TenantTx } from '../../db/tenant-tx.ts';
import type { PolicyType } from '../../graph/contracts/list.ts';
import { findReferences, mapReferences } from '../../graph/writing/references.ts';
import { restorableBody } from '../../graph/writing/sendable-body.ts';
import type { JsonObject } from '../../kernel/canonical-json.ts';
import type { ComparisonId } from '../../kernel/ids.ts';
import { readReferenceNames } from '../../restores/copying/read-sources.ts';

interface PairOfTenants {
  readonly type: PolicyType;
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly comparisonId: ComparisonId;
  readonly sourceVersionId: string;
}

/**
 * Both bodies in words that both tenants share. An id means nothing in another tenant, so what a
 * body refers to stands there by the name that its own tenant gives it. What Graph sets itself is
 * left out: it is another in each tenant and says nothing.
 */
export async function nameBothSides<Pair extends PairOfTenants>(
  tx: TenantTx,
  pair: Pair,
): Promise<Pick<Pair, 'type' | 'before' | 'after'>> {
  const { type, before, after, comparisonId, sourceVersionId } = pair;
  const source = await tx.db
    .selectFrom('comparison_sources')
    .select('reference_names')
    .where('tenant_id', '=', tx.tenantId)
    .where('comparison_id', '=', comparisonId)
    .where('version_id', '=', sourceVersionId)
    .executeTakeFirstOrThrow();
  const ours = await readReferenceNames(tx, type, JSON.stringify(after));
  return {
    type,
    before: nameReferences(type, before, source.reference_names),
    after: nameReferences(type, after, ours),
  };
}

/**
 * A body with names in place of ids. An id whose name is not known stays, and so differs: that two
 * things are the same is never guessed. Two of one name keep their ids beside it, or they would
 * become one.
 */
export function nameReferences(
  type: PolicyType,
  body: JsonObject,
  names: Readonly<Record<string, unknown>>,
): JsonObject {
  const restorable = restorableBody(type, body);
  const references = findReferences(type, restorable);
  const named = new Map<string, string>();
  const idsByName = new Map<string, Set<string>>();
  for (const { to, id } of references) {
    const name = names[`${to}:${id.toLowerCase()}`];
    if (typeof name !== 'string') continue;
    named.set(`${to}:${id}`, name);
    const ids = idsByName.get(`${to}:${name}`) ?? new Set();
    idsByName.set(`${to}:${name}`, ids.add(id.toLowerCase()));
  }
  const mapping = new Map(
    references.map(({ to, id }) => {
      const name = named.get(`${to}:${id}`);
      const isUnique = (idsByName.get(`${to}:${name}`)?.size ?? 0) === 1;
      return [`${to}:${id}`, name === undefined ? id : isUnique ? name : `${name} (${id})`];
    }),
  );
  return mapReferences(type, restorable, mapping).body;
}
