import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMember, changeMember } from '../src/access/members.ts';
import type { Principal } from '../src/access/principal.ts';
import { SYSTEM_ACTOR } from '../src/audit/record-audit.ts';
import { allCapabilities, type Capability, type Role } from '../src/kernel/capabilities.ts';
import { newId, type RestoreId, tenantIdSchema, tokenIdSchema } from '../src/kernel/ids.ts';
import { copySources } from '../src/restores/copy-sources.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** What one tenant has, brought into another: by name or by hand, and with a right in each. */
let story: RestoreWorld;
let source: RestoreVerbs;
let target: RestoreVerbs;
const CREATED = 'CA004 - Block other countries';
const NAMES = ['Corporate iPads', 'iOS - Compliance', 'Headquarters', CREATED];
let versions: Map<string, string>;

beforeAll(async () => {
  story = await setupRestores({ tenants: 2 });
  [source, target] = [story.acme, story.tenants[1] ?? story.acme];
  await source.backsUp();
  await target.backsUp();
  const rows = await source.inTenant((tx) =>
    tx.db.selectFrom('policy_versions').select(['id', 'name']).where('name', 'in', NAMES).execute(),
  );
  versions = new Map(rows.map(({ name, id }) => [name, id]));
  expect(versions.size).toBe(NAMES.length);
  const member = { userId: source.tenant.owner, role: 'operator' } as const;
  await target.inTenant((tx) => addMember(tx, SYSTEM_ACTOR, member));
});
afterAll(async () => {
  for (const tenant of [source, target]) expect(await tenant.writes()).toBe(0);
  await story.world.close();
});

function caller(scopes: readonly Capability[] = allCapabilities()): Principal {
  const userId = source.tenant.owner;
  const via = { kind: 'token', id: newId(tokenIdSchema), name: 'a token' } as const;
  return { userId, userName: 'Ada', isAdmin: false, scopes, tenantIds: null, via };
}

const ACTOR = { kind: 'user', id: null, label: 'Ada' } as const;

function copies(restoreId: RestoreId, change: Partial<Parameters<typeof copySources>[3]> = {}) {
  return copySources(story.world.db, caller(), ACTOR, {
    fromTenantId: source.tenant.id,
    versionIds: [...versions.values()],
    tenantId: target.tenant.id,
    restoreId,
    ...change,
  });
}

const draft = () => target.drafts({ source: { kind: 'copies' } });

test('what bears the name there is meant, and groups are found by their names', async () => {
  const id = await draft();
  expect(await copies(id)).toEqual({ copied: NAMES.length, present: 0 });
  expect(await copies(id)).toEqual({ copied: 0, present: NAMES.length });
  expect(await target.previews(id)).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  const items = await target.items(id);
  // The other tenant is smaller.
  expect(Object.fromEntries(items.map(({ name, match_kind }) => [name, match_kind]))).toEqual({
    ...Object.fromEntries(NAMES.map((name) => [name, 'same_name'])),
    [CREATED]: 'none',
    'Corporate iPads': 'none',
  });
  const location = await idOf(target, 'namedLocations', 'Countries we work in');
  expect(JSON.stringify(await target.steps(id, CREATED))).toContain(location);
  const foreign = await idsOf(source);
  for (const { steps, name } of items) {
    const text = steps?.toString('utf8') ?? '';
    expect(
      [...foreign].filter((each) => text.includes(each)),
      name,
    ).toEqual([]);
  }
  expect(await target.isFresh(id)).toBe(true);
});

test('what is not there by any name is left out until it is mapped by hand', async () => {
  const { id: entra } = target.tenant.entra;
  const match = await idOf(target, 'namedLocations', 'Countries we work in');
  const rename = { displayName: 'Named otherwise' };
  await story.simulator.editObject(entra, 'namedLocations', match, rename);
  const id = await draft();
  await copies(id, { versionIds: [versions.get(CREATED) ?? ''] });
  await target.previews(id);
  const missing = await idOf(source, 'namedLocations', 'Countries we work in');
  const blocked = await target.item(id, CREATED);
  expect(blocked).toMatchObject({ action: 'blocked', code: 'restore.mapping_missing' });
  expect(blocked.warnings).toContainEqual(
    expect.objectContaining({ kind: 'namedLocation', id: missing }),
  );
  await target.edits(id, { mapping: { [`namedLocation:${missing}`]: match } });
  await target.previews(id);
  expect(await target.item(id, CREATED)).toMatchObject({ action: 'create', code: null });
});

test('where a copy came from is kept, as text, and both audits tell of it', async () => {
  const id = await draft();
  await copies(id);
  const [row] = await target.inTenant((tx) =>
    tx.db.selectFrom('restore_sources').selectAll().where('restore_id', '=', id).execute(),
  );
  expect(row).toMatchObject({
    from_tenant_id: source.tenant.id,
    from_tenant_name: source.tenant.entra.name,
    copied_by: 'Ada',
  });
  const deeds = (verbs: RestoreVerbs, action: string) =>
    verbs.inTenant((tx) =>
      tx.db.selectFrom('audit_entries').selectAll().where('action', '=', action).execute(),
    );
  const exported = await deeds(source, 'versions.exported');
  expect(exported.at(-1)?.details).toMatchObject({ toTenantId: target.tenant.id, versions: 4 });
  const copied = await deeds(target, 'restore.versions_copied');
  expect(copied.at(-1)).toMatchObject({ subject_id: id, details: { copied: 4 } });
});

test('each right is asked for in its own tenant', async () => {
  const id = await draft();
  const versionIds = [...versions.values()];
  const asked = { fromTenantId: source.tenant.id, versionIds, tenantId: target.tenant.id };
  const withScopes = (...scopes: Capability[]) =>
    copySources(story.world.db, caller(scopes), ACTOR, { ...asked, restoreId: id });
  await expect(withScopes('restores:plan')).rejects.toMatchObject({
    code: 'capability.missing',
    details: { capability: 'backups:export' },
  });
  await expect(withScopes('backups:export')).rejects.toMatchObject({
    code: 'capability.missing',
    details: { capability: 'restores:plan' },
  });
  const hasRole = (role: Role) =>
    target.inTenant((tx) => changeMember(tx, SYSTEM_ACTOR, { userId: source.tenant.owner, role }));
  await hasRole('readonly');
  await expect(copies(id)).rejects.toMatchObject({ code: 'capability.missing' });
  await hasRole('operator');
  expect(await target.items(id)).toEqual([]);
});

test('foreign, absent: nothing tells them apart', async () => {
  const id = await draft();
  const absent = newId(tenantIdSchema);
  await expect(copies(id, { fromTenantId: absent })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(copies(id, { versionIds: [absent] })).rejects.toMatchObject({ code: 'forbidden' });
  // a version of the target is none of the source
  const own = await target.inTenant((tx) =>
    tx.db.selectFrom('policy_versions').select('id').executeTakeFirstOrThrow(),
  );
  await expect(copies(id, { versionIds: [own.id] })).rejects.toMatchObject({ code: 'forbidden' });
  expect(await target.items(id)).toEqual([]);
});

test('only into a restore that takes copies', async () => {
  const backup = await target.backsUp();
  const id = await target.drafts({ source: { kind: 'backup', backupId: backup } });
  await expect(copies(id)).rejects.toMatchObject({ code: 'restore.no_copies' });
});

/** Every id of a tenant that no other tenant has. */
async function idsOf(verbs: RestoreVerbs): Promise<Set<string>> {
  const rows = await verbs.inTenant((tx) =>
    tx.db.selectFrom('policies').select('graph_id').execute(),
  );
  const groups = await verbs.world.simulator.objects(verbs.tenant.entra.id, 'groups');
  const ids = [...rows.map((row) => row.graph_id), ...groups.map(({ id }) => id)];
  return new Set(ids.filter((id) => id.length > 5));
}
