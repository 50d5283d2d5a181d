import { asPerson } from '../../db/person-tx.ts';
import { inTenant } from '../../db/tenant-tx.ts';
import { type TenantId, tenantIdSchema, type UserId } from '../../kernel/ids.ts';
import { UsageError } from '../command.ts';
import type { Setup } from './with-setup.ts';

/** A search by name looks through the tenants of so many people at most. */
const PEOPLE_MAX = 10_000;

/**
 * The tenant by id or by its exact name. The wall hides tenants from the owner of the schema as
 * well, so a name is looked for among the tenants of each person.
 * @throws UsageError when there is none
 */
export async function findTenant(setup: Setup, nameOrId: string): Promise<TenantId> {
  const id = tenantIdSchema.safeParse(nameOrId);
  const found = id.success ? await findById(setup, id.data) : await findByName(setup, nameOrId);
  if (found === undefined) throw new UsageError('--tenant: there is no tenant of this name or id');
  return found;
}

async function findById(setup: Setup, id: TenantId): Promise<TenantId | undefined> {
  const row = await inTenant(setup.db, id, (tx) =>
    tx.db.selectFrom('tenants').select('id').where('id', '=', id).executeTakeFirst(),
  );
  return row?.id;
}

async function findByName(setup: Setup, name: string): Promise<TenantId | undefined> {
  const { rows } = await setup.owner.query<{ id: UserId }>(
    'select id from users order by id limit $1',
    [PEOPLE_MAX],
  );
  for (const user of rows) {
    const row = await asPerson(setup.db, user.id, (tx) =>
      tx.db.selectFrom('tenants').select('id').where('name', '=', name).executeTakeFirst(),
    );
    if (row !== undefined) return row.id;
  }
  return undefined;
}
