import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { BackupId } from '../src/kernel/ids.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';
import type { FaultRule } from './setup/simulator.ts';

/** Whether a second person will have to agree, as far as Graph tells. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let entra: string;
let backup: BackupId;
const CATALOG = 'macOS - FileVault';
const TAG = 'Headquarters';
const LIKELY = { code: 'restore.approval_likely' };

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  entra = acme.tenant.entra.id;
  backup = await acme.backsUp();
  for (const [collection, name] of [
    ['configurationPolicies', CATALOG],
    ['roleScopeTags', TAG],
  ] as const) {
    const id = await idOf(acme, collection, name);
    await story.simulator.editObject(entra, collection, id, { description: 'changed' });
  }
});
afterEach(() => story.simulator.clearFaults());
afterAll(async () => {
  expect(await acme.writes(), 'a preview writes nothing').toBe(0);
  await story.world.close();
});

const types = ['configurationPolicy', 'roleScopeTag'] as const;
const draft = () =>
  acme.drafts({
    source: { kind: 'backup', backupId: backup },
    selection: { types: [...types] },
  });

async function hasApprovalPolicy(policyType: string): Promise<void> {
  const policySet = { policyType, policyPlatform: 'notApplicable' };
  const body = { displayName: 'Two pairs of eyes', policySet };
  const id = crypto.randomUUID();
  await story.simulator.addObject(entra, 'operationApprovalPolicies', id, body);
}

test('nobody asks for it: there is no warning', async () => {
  const id = await draft();
  expect(await acme.previews(id)).toMatchObject({ outcome: 'succeeded' });
  expect((await acme.restore(id)).approval_types).toEqual([]);
  expect((await acme.item(id, CATALOG)).warnings).not.toContainEqual(LIKELY);
});

test('what would be changed of a type that is covered says so, and nothing else does', async () => {
  await hasApprovalPolicy('configurationPolicy');
  const id = await draft();
  await acme.previews(id);
  const warned = (await acme.items(id)).filter(({ warnings }) =>
    JSON.stringify(warnings).includes(LIKELY.code),
  );
  expect(warned.map(({ name, action }) => [name, action])).toEqual([[CATALOG, 'update']]);
  expect(await acme.item(id, TAG)).toMatchObject({ action: 'update' });
});

test.each<[string, FaultRule]>([
  ['throttled', { times: 2, fault: { kind: 'throttle', retryAfter: 0.2 } }],
  ['cut off', { fault: { kind: 'reset' } }],
  ['answered, and the answer is lost', { fault: { kind: 'executedThenReset' } }],
])('a look that is %s is repeated', async (_, rule) => {
  await story.simulator.befall({ ...rule, match: { path: 'operationApprovalPolicies' } });
  const id = await draft();
  expect(await acme.previews(id)).toMatchObject({ outcome: 'succeeded' });
  expect((await acme.restore(id)).approval_types).toEqual(['configurationPolicy']);
});

test.each(['notPermitted', 'notLicensed'])('%s: it is not known, and that is all', async (kind) => {
  const match = { path: 'operationApprovalPolicies' };
  await story.simulator.befall({ match, times: 'always', fault: { kind } });
  const id = await draft();
  expect(await acme.previews(id)).toMatchObject({ outcome: 'succeeded', items_failed: 0 });
  expect(await acme.restore(id)).toMatchObject({ state: 'planned', approval_types: null });
  const item = await acme.item(id, CATALOG);
  expect(item).toMatchObject({ action: 'update' });
  expect(item.warnings).not.toContainEqual(LIKELY);
});
