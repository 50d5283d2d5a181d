import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SealedValue } from '../src/graph/port.ts';
import { secretMarker } from '../src/graph/secrets/place-markers.ts';
import type { BackupId, RestoreId } from '../src/kernel/ids.ts';
import { planRestore } from '../src/restores/plan-restore.ts';
import { findStaleness } from '../src/restores/planning/find-staleness.ts';
import { forgetSecrets } from '../src/restores/secrets/enter-secrets.ts';
import { findSealedValues } from '../src/restores/secrets/find-entered.ts';
import { openEntered } from '../src/tenants/open-entered.ts';
import { canaryText, dumpTables, findCanaries } from './setup/canaries.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** Values that Graph hides: entered by a person, for one restore, and seen by nobody after that. */
const NAME = 'Windows - Custom: VPN and device tag';
const PSK = 'omaSettings[1]';
const EAP = 'omaSettings[2]';
const VALUES = { psk: canaryText('psk'), eap: `<Eap>${canaryText('eap')}</Eap>` };

let story: RestoreWorld;
let acme: RestoreVerbs;
let globex: RestoreVerbs;
let backup: BackupId;

beforeAll(async () => {
  story = await setupRestores({ tenants: 2 });
  const [first, second] = story.tenants;
  if (first === undefined || second === undefined) throw new Error('two tenants');
  [acme, globex] = [first, second];
  backup = await acme.backsUp();
  const policy = await idOf(acme, 'deviceConfigurations', NAME);
  await story.simulator.removeObject(acme.tenant.entra.id, 'deviceConfigurations', policy);
});
afterAll(async () => {
  expect(await acme.writes(), 'a preview writes nothing').toBe(0);
  await story.world.close();
});

/** A preview of the deleted policy, blocked for the want of its values. */
async function previewed(): Promise<{ id: RestoreId; versionId: string }> {
  const id = await acme.previewsBackup(backup, { selection: { nameContains: NAME } });
  return { id, versionId: (await acme.item(id, NAME)).version_id };
}

/** The same with both values entered, and previewed again. */
async function entered() {
  const { id, versionId } = await previewed();
  await acme.enters(id, versionId, PSK, VALUES.psk);
  await acme.enters(id, versionId, EAP, VALUES.eap);
  await acme.previews(id);
  return { id, versionId };
}

function sealedValues(id: RestoreId, versionId: string): Promise<readonly SealedValue[]> {
  return acme.inTenant((tx) => findSealedValues(tx, id, versionId));
}

async function fingerprint(id: RestoreId): Promise<string | undefined> {
  return (await acme.restore(id)).fingerprint?.toString('hex');
}

test('blocked until every value is entered; then its requests hold markers', async () => {
  const { id, versionId } = await previewed();
  const missing = (at: string) => ({ code: 'restore.secrets_missing', at });
  expect(await acme.item(id, NAME)).toMatchObject({
    action: 'blocked',
    code: 'restore.secrets_missing',
    warnings: [missing(PSK), missing(EAP)],
    steps: null,
    secret_places: [PSK, EAP],
  });

  await acme.enters(id, versionId, PSK, VALUES.psk);
  expect(await acme.isFresh(id)).toBe(false);
  const restore = await acme.restore(id);
  expect(await acme.inTenant((tx) => findStaleness(tx, restore))).toEqual(['restore.edited']);
  await acme.previews(id);
  expect(await acme.item(id, NAME)).toMatchObject({ action: 'blocked', warnings: [missing(EAP)] });

  await acme.enters(id, versionId, EAP, VALUES.eap);
  await acme.previews(id);
  expect(await acme.isFresh(id)).toBe(true);
  expect(await acme.item(id, NAME)).toMatchObject({ action: 'create', code: null, warnings: [] });
  const values = await sealedValues(id, versionId);
  const [create] = await acme.steps(id, NAME);
  const sent = create.body.omaSettings.map((setting: { value: unknown }) => setting.value);
  expect(sent).toEqual(['Reception', expect.any(String), expect.any(String), 1]);
  expect(sent.slice(1, 3).sort()).toEqual(values.map(({ marker }) => marker).sort());
});

test('what is sealed is what Graph takes, and opens for its own row alone', async () => {
  const { id, versionId } = await entered();
  const { db } = story.world;
  const key = await story.world.readKey();
  const values = await sealedValues(id, versionId);
  const open = (value: SealedValue, tenant = acme) => openEntered(db, key, tenant.tenant.id, value);
  const opened = await Promise.all(values.map(async (value) => (await open(value)).reveal()));
  const eap = Buffer.from(VALUES.eap).toString('base64');
  expect(opened.sort()).toEqual([VALUES.psk, eap].sort());
  const [one, other] = values;
  if (one === undefined || other === undefined) throw new Error('two values');
  const refused = { code: 'sealed.refused' };
  await expect(open({ ...one, sealed: other.sealed })).rejects.toMatchObject(refused);
  await expect(open(one, globex)).rejects.toMatchObject(refused);
});

test('an update that sends the list asks for them, too; one that does not, does not', async () => {
  const policy = crypto.randomUUID();
  const name = 'Custom with a secret';
  const oma = (omaUri: string, value: string, isEncrypted: boolean) => ({
    '@odata.type': '#microsoft.graph.omaSettingString',
    ...{ omaUri, value, isEncrypted },
  });
  const { entra } = acme.tenant;
  await story.simulator.addObject(entra.id, 'deviceConfigurations', policy, {
    '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
    displayName: name,
    omaSettings: [oma('./a', 'one', false), oma('./b', 'hidden', true)],
  });
  const before = await acme.backsUp();
  const edit = (changes: object) =>
    story.simulator.editObject(entra.id, 'deviceConfigurations', policy, { ...changes });
  await edit({ description: 'now' });
  const id = await acme.previewsBackup(before, { selection: { nameContains: name } });
  expect(await acme.item(id, name)).toMatchObject({ action: 'update', secret_places: [] });

  await edit({ omaSettings: [oma('./a', 'two', false), oma('./b', 'hidden', true)] });
  await acme.previews(id);
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ action: 'blocked', secret_places: [PSK] });
  await acme.enters(id, item.version_id, PSK, VALUES.psk);
  await acme.previews(id);
  const [value] = await sealedValues(id, item.version_id);
  expect(await acme.item(id, name)).toMatchObject({ action: 'update', code: null });
  const steps = await acme.steps(id, name);
  expect(JSON.stringify(steps)).toContain(secretMarker(value?.id ?? ''));
});

test('another value is another plan, the same one too: both are asked for anew', async () => {
  const { id, versionId } = await entered();
  const first = await fingerprint(id);
  const marker = (await sealedValues(id, versionId)).map((value) => value.marker).sort();
  await acme.enters(id, versionId, PSK, `${VALUES.psk} and more`);
  expect(await acme.isFresh(id)).toBe(false);
  await acme.previews(id);
  expect(await acme.isFresh(id)).toBe(true);
  expect(await fingerprint(id)).not.toBe(first);
  const after = (await sealedValues(id, versionId)).map((value) => value.marker).sort();
  expect(after).toHaveLength(2);
  expect(after).not.toEqual(marker);
});

test('the value itself is part of the fingerprint, whatever its row', async () => {
  const { id, versionId } = await entered();
  await story.world.asAdmin(
    `update restore_secrets set keyed_hash = sha256('x') where version_id = $1`,
    [versionId],
  );
  expect(await acme.isFresh(id)).toBe(false);
});

test.each([
  ['a place where nothing is hidden', 'omaSettings[0]', /Nothing is hidden there, but at "oma/],
  ['no place at all', 'nowhere', /Nothing is hidden there/],
])('%s is refused, and the field is named', async (_what, place, message) => {
  const { id, versionId } = await previewed();
  await expect(acme.enters(id, versionId, place, VALUES.psk)).rejects.toMatchObject({
    code: 'request.invalid',
    details: { pointers: ['/entries/0/place'], messages: [expect.stringMatching(message)] },
  });
  expect(await sealedValues(id, versionId)).toEqual([]);
});

test('an item that the restore does not have is refused like a foreign one', async () => {
  const { id } = await previewed();
  for (const versionId of [crypto.randomUUID(), (await foreignVersion()).id]) {
    await expect(acme.enters(id, versionId, PSK, VALUES.psk)).rejects.toMatchObject({
      code: 'forbidden',
    });
  }
  const { versionId } = await previewed();
  await expect(globex.enters(id, versionId, PSK, VALUES.psk)).rejects.toMatchObject({
    code: 'forbidden',
  });
});

async function foreignVersion() {
  await globex.backsUp();
  return globex.inTenant((tx) =>
    tx.db.selectFrom('policy_versions').select('id').limit(1).executeTakeFirstOrThrow(),
  );
}

test('while a preview goes on nothing can be entered', async () => {
  const { id, versionId } = await previewed();
  await story.simulator.befall({ times: 'always', fault: { kind: 'hang' } });
  const { id: tenantId, owner } = acme.tenant;
  const run = await story.world.starts(tenantId, owner, planRestore, { restoreId: id });
  await expect(acme.enters(id, versionId, PSK, VALUES.psk)).rejects.toMatchObject({
    code: 'restore.preview_running',
  });
  await story.simulator.clearFaults();
  await story.world.ended(tenantId, run.id);
});

test('a value can be entered before there was any preview', async () => {
  const { versionId } = await previewed();
  const id = await acme.drafts({
    source: { kind: 'backup', backupId: backup },
    selection: { nameContains: NAME },
  });
  await acme.enters(id, versionId, PSK, VALUES.psk);
  await acme.enters(id, versionId, EAP, VALUES.eap);
  await acme.previews(id);
  expect(await acme.item(id, NAME)).toMatchObject({ action: 'create' });
});

test('an item that is not chosen any more takes its values along', async () => {
  const { id, versionId } = await entered();
  await acme.edits(id, { selection: { nameContains: 'iPads' } });
  await acme.previews(id);
  expect(await sealedValues(id, versionId)).toEqual([]);
});

test('erased they are gone, and what was made from them does not hold', async () => {
  const { id, versionId } = await entered();
  await acme.inTenant((tx) => forgetSecrets(tx, id));
  expect(await sealedValues(id, versionId)).toEqual([]);
  expect(await acme.isFresh(id)).toBe(false);
  const { rows } = await story.world.asAdmin(
    'select count(*)::integer as kept from restore_secrets where restore_id = $1',
    [id],
  );
  expect(rows).toEqual([{ kept: 0 }]);
});

test('that they were entered is audited, what they are is nowhere', async () => {
  const { id, versionId } = await entered();
  const audit = await acme.inTenant((tx) =>
    tx.db.selectFrom('audit_entries').selectAll().where('subject_id', '=', id).execute(),
  );
  const told = audit.filter(({ action }) => action === 'restore.secrets_entered');
  expect(told.map(({ details }) => details)).toEqual([
    { places: 1, versionIds: [versionId] },
    { places: 1, versionIds: [versionId] },
  ]);
  const dump = await dumpTables((statement) => story.world.asAdmin(statement));
  expect(dump.get('public.restore_secrets')).toBeTruthy();
  const canaries = Object.entries(VALUES).map(([name, value]) => ({ name, value }));
  expect(findCanaries([...dump.values()].join('\n'), canaries)).toEqual([]);
  expect(findCanaries(JSON.stringify(story.world.failures), canaries)).toEqual([]);
});
