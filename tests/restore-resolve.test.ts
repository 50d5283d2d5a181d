import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RestoreId } from '../src/kernel/ids.ts';
import { decideItems, type ItemDecision } from '../src/restores/decide-items.ts';
import { executeRestore } from '../src/restores/execute-restore.ts';
import { resolveRestore } from '../src/restores/resolve-restore.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** What nobody can tell is decided by a person, and carried out under the same gate. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let backup: Awaited<ReturnType<RestoreVerbs['backsUp']>>;
let entra: string;
const POLICIES = 'configurationPolicies';

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  entra = acme.tenant.entra.id;
  backup = await acme.backsUp();
});
afterAll(() => story.world.close());

const named = async (name: string) =>
  (await story.simulator.objects(entra, POLICIES)).filter((object) => object.name === name);

/** A restore of a deleted policy whose answer is lost, while a twin of it turns up. */
async function unknownRestore(name: string): Promise<RestoreId> {
  const [saved] = await named(name);
  await story.simulator.removeObject(entra, POLICIES, saved?.id ?? '');
  const id = await acme.previewsBackup(backup, { selection: { nameContains: name } });
  await story.simulator.befall(
    { match: { method: 'POST', path: `${POLICIES}$` }, fault: { kind: 'executedThenReset' } },
    { match: { method: 'POST', path: `${POLICIES}$` }, fault: { kind: 'delay', ms: 300 } },
  );
  const twin = { ...saved?.object, id: undefined, assignments: [] };
  await acme.confirms(id);
  await story.world.armsWriting(acme.tenant);
  const { owner, id: tenantId } = acme.tenant;
  const run = await story.world.starts(tenantId, owner, executeRestore, { restoreId: id });
  await story.world.until(
    () => acme.ledger(id),
    (writes) => writes.some(({ state }) => state === 'intent'),
  );
  await story.simulator.addObject(entra, POLICIES, crypto.randomUUID(), twin);
  expect(await story.world.ended(tenantId, run.id)).toMatchObject({ items_unknown: 1 });
  expect(await acme.item(id, name)).toMatchObject({
    result: 'unknown',
    result_code: 'restore.decision_needed',
  });
  return id;
}

async function decides(
  id: RestoreId,
  name: string,
  decision: ItemDecision['decision'],
  graphId: string | null = null,
  tenantName = acme.tenant.entra.name,
): Promise<void> {
  const { owner } = acme.tenant;
  const actor = { kind: 'user', id: owner, label: 'an owner', userId: owner } as const;
  const { version_id: versionId } = await acme.item(id, name);
  const decisions = [{ versionId, decision, graphId }];
  await acme.inTenant((tx) =>
    decideItems(tx, actor, id, { tenantName, reason: 'seen', decisions }),
  );
}

const resolves = (id: RestoreId) =>
  story.world.runs(acme.tenant, resolveRestore, { restoreId: id });

async function candidatesOf(id: RestoreId, name: string): Promise<string[]> {
  const { result_candidates: candidates } = await acme.item(id, name);
  return Array.isArray(candidates) ? candidates.map(String).sort() : [];
}

test('one of two is adopted: nothing is made, and it gets the rest of the item', async () => {
  const name = 'Windows - Credential Guard';
  const id = await unknownRestore(name);
  const candidates = await candidatesOf(id, name);
  expect(candidates).toEqual((await named(name)).map((object) => object.id).sort());
  const [ours = ''] = candidates;
  await story.simulator.clearLog();
  await decides(id, name, 'adopt', ours);
  expect(await resolves(id)).toMatchObject({ outcome: 'succeeded' });
  expect(await acme.item(id, name)).toMatchObject({ result: 'verified', result_graph_id: ours });
  const sent = (await story.simulator.log(entra)).filter(({ method }) => method === 'POST');
  expect(sent.filter(({ path }) => path.endsWith(POLICIES))).toEqual([]);
  expect(sent.filter(({ path }) => path.endsWith(`${ours}/assign`))).toHaveLength(1);
  expect((await acme.restore(id)).result_counts).toMatchObject({ unknown: 0, verified: 1 });
  const deeds = (await acme.audit(id)).map(({ action }) => action);
  expect(deeds.filter((action) => action === 'restore.decided')).toHaveLength(1);
  expect(deeds.filter((action) => action === 'restore.resolved')).toHaveLength(1);
});

test('ours is deleted: that one and no other', async () => {
  const name = 'Windows - Screen lock';
  const id = await unknownRestore(name);
  const [ours = '', other = ''] = await candidatesOf(id, name);
  await decides(id, name, 'delete_ours', ours);
  expect(await resolves(id)).toMatchObject({ outcome: 'succeeded' });
  expect((await named(name)).map((object) => object.id)).toEqual([other]);
  expect(await acme.item(id, name)).toMatchObject({
    result: 'removed',
    result_code: 'restore.removed_by_decision',
  });
});

test('none is ours: it is created anew, once', async () => {
  const name = 'macOS - FileVault';
  const id = await unknownRestore(name);
  await decides(id, name, 'create_anew');
  expect(await resolves(id)).toMatchObject({ outcome: 'succeeded' });
  expect(await named(name)).toHaveLength(3);
  expect(await acme.item(id, name)).toMatchObject({ result: 'verified' });
});

test('a decision needs a candidate, the typed name, and something unknown, of late', async () => {
  const name = 'macOS - Login window';
  const id = await unknownRestore(name);
  await expect(resolves(id)).rejects.toMatchObject({ code: 'restore.no_decision' });
  await expect(decides(id, name, 'adopt', 'another')).rejects.toMatchObject({
    code: 'restore.candidate_unknown',
  });
  await expect(decides(id, name, 'look_again', null, 'Nobody')).rejects.toMatchObject({
    code: 'restore.tenant_name_wrong',
  });
  await decides(id, name, 'look_again');
  await story.world.asAdmin(
    `update restore_items set decided_at = decided_at - interval '61 minutes'
     where decision is not null`,
  );
  await expect(resolves(id)).rejects.toMatchObject({ code: 'restore.decision_expired' });
  await decides(id, name, 'look_again');
  expect(await resolves(id)).toMatchObject({ items_unknown: 1 });
  expect(await candidatesOf(id, name)).toHaveLength(2);
  const policy = await idOf(acme, POLICIES, 'Windows - BitLocker disk encryption');
  await story.simulator.editObject(entra, POLICIES, policy, { description: 'off' });
  const well = await acme.previewsBackup(backup, { selection: { nameContains: 'BitLocker' } });
  await acme.executes(well);
  await expect(
    decides(well, 'Windows - BitLocker disk encryption', 'look_again'),
  ).rejects.toMatchObject({ code: 'restore.decision_not_needed' });
});
