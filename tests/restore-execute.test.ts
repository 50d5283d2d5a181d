import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** What carrying out a preview does to the tenant, to the records, and to what is told of it. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let backup: Awaited<ReturnType<RestoreVerbs['backsUp']>>;
let entra: string;

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  entra = acme.tenant.entra.id;
  backup = await acme.backsUp();
});
afterAll(() => story.world.close());

const previewOf = (nameContains: string, more = {}) =>
  acme.previewsBackup(backup, { selection: { nameContains }, ...more });

test('what was switched off goes back, and what it overwrote is kept', async () => {
  const name = 'macOS - FileVault';
  const policy = await idOf(acme, 'configurationPolicies', name);
  await story.simulator.editObject(entra, 'configurationPolicies', policy, { description: 'off' });
  const id = await previewOf(name);
  const run = await acme.executes(id);
  expect(run).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ result: 'verified', result_graph_id: policy });
  expect(item.safety_version_id).not.toBeNull();
  const [object] = (await story.simulator.objects(entra, 'configurationPolicies')).filter(
    (one) => one.id === policy,
  );
  expect(object?.object['description']).not.toBe('off');
  expect(await acme.restore(id)).toMatchObject({ state: 'ended', outcome: 'succeeded' });
});

test('what was deleted is made once, with its assignments, and continues its history', async () => {
  const name = 'Windows - Credential Guard';
  const gone = await idOf(acme, 'configurationPolicies', name);
  await story.simulator.removeObject(entra, 'configurationPolicies', gone);
  const id = await previewOf(name);
  expect(await acme.executes(id)).toMatchObject({ outcome: 'succeeded' });
  const made = (await story.simulator.objects(entra, 'configurationPolicies')).filter(
    (one) => one.name === name,
  );
  expect(made).toHaveLength(1);
  const item = await acme.item(id, name);
  expect(item).toMatchObject({ result: 'verified', result_graph_id: made[0]?.id });
});
