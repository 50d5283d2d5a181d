import { parseBody } from '../../backups/parse-body.ts';
import { readVersionBodies } from '../../backups/read-version.ts';
import type { TenantTx } from '../../db/tenant-tx.ts';
import { findHiddenPlaces, type HiddenPlace } from '../../graph/secrets/hidden-places.ts';
import { AppError } from '../../kernel/errors.ts';
import type { RestoreId } from '../../kernel/ids.ts';

interface Named {
  readonly versionId: string;
  readonly place: string;
}

/**
 * The hidden places that entries are for, one for each and in their order.
 * @throws AppError forbidden when the restore has no such item; request.invalid, naming the field,
 *   when nothing is hidden there, or when two entries are for one place
 */
export async function requireHiddenPlaces(
  tx: TenantTx,
  id: RestoreId,
  entries: readonly Named[],
): Promise<readonly HiddenPlace[]> {
  const byVersion = await readHiddenPlaces(tx, id, new Set(entries.map((one) => one.versionId)));
  const taken = new Set<string>();
  return entries.map(({ versionId, place }, at) => {
    const hidden = byVersion.get(versionId);
    if (hidden === undefined) throw new AppError('forbidden');
    const found = hidden.find((one) => one.place === place);
    if (found === undefined) throw badPlace(at, whereInstead(hidden));
    const name = `${versionId} ${place}`;
    if (taken.has(name)) throw badPlace(at, 'Another entry is for the same place');
    taken.add(name);
    return found;
  });
}

async function readHiddenPlaces(
  tx: TenantTx,
  id: RestoreId,
  versionIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly HiddenPlace[]>> {
  const items = await tx.db
    .selectFrom('restore_items')
    .select(['version_id', 'type', 'content_hash'])
    .where('tenant_id', '=', tx.tenantId)
    .where('restore_id', '=', id)
    .where('version_id', 'in', [...versionIds])
    .execute();
  const hashes = items.map((item) => item.content_hash);
  const bodies = await readVersionBodies(tx, hashes);
  return new Map(
    items.map(({ version_id, type, content_hash }) => {
      const body = parseBody(bodies.get(content_hash.toString('hex')) ?? '');
      return [version_id, findHiddenPlaces(type, body)];
    }),
  );
}

const PLACES_NAMED_MAX = 5;

/** Places hold names of properties and numbers, nothing of what a policy says. */
function whereInstead(hidden: readonly HiddenPlace[]): string {
  if (hidden.length === 0) return 'Nothing is hidden in this item';
  const places = hidden.map(({ place }) => `"${place}"`).slice(0, PLACES_NAMED_MAX);
  return `Nothing is hidden there, but at ${places.join(', ')}`;
}

/** As a bad field of the request is told. */
function badPlace(at: number, message: string): AppError {
  return new AppError('request.invalid', {
    in: 'body',
    pointers: [`/entries/${at}/place`],
    messages: [message],
  });
}
