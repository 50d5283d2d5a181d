import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allCapabilities } from '../src/kernel/capabilities.ts';
import { type CliInstallation, openInstallation } from './setup/cli-installation.ts';
import { type SimulatorProcess, startSimulatorProcess } from './setup/simulator.ts';

/** From a deleted policy to its return, and back again, at the terminal alone. */
let simulator: SimulatorProcess;
let site: CliInstallation;
let writer: string;
let backup: string;
const NAME = 'Windows - Credential Guard';
const TENANT = ['--tenant', 'Contoso'];

beforeAll(async () => {
  simulator = await startSimulatorProcess({ tenants: 1, limits: 'none' });
  site = await openInstallation(simulator);
  writer = join(site.world.home, 'writer.json');
  const scopes = ['--scopes', allCapabilities().join(',')];
  const token = ['token', 'create', '--user', 'Anna', '--url', site.url, '--file', writer];
  expect(await site.world.run([...token, ...scopes])).toMatchObject({ code: 0 });
  const [entra] = simulator.tenants;
  const ids = ['--client-id', entra?.writeClientId ?? '', '--secret-stdin'];
  const add = ['connection', 'write-add', ...TENANT, ...ids];
  expect(await site.world.run(add, `${entra?.writeClientSecret}\n`)).toMatchObject({ code: 0 });
  expect(await says('connection', 'verify', ...TENANT)).toMatchObject({ code: 0 });
  backup = JSON.parse((await says('backup', ...TENANT, '--json')).stdout).id;
  const [policy] = await named(NAME);
  await simulator.removeObject(entraId(), 'configurationPolicies', policy?.id ?? '');
});
afterAll(async () => {
  await site?.close();
  await simulator?.close();
});

const entraId = () => simulator.tenants[0]?.id ?? '';
const says = (...args: string[]) => site.world.run([...args, '--token-file', writer]);
const named = async (name: string) =>
  (await simulator.objects(entraId(), 'configurationPolicies')).filter((one) => one.name === name);

async function plans(): Promise<string> {
  const only = ['--search', NAME];
  const plan = await says('restore', 'plan', '--from', backup, '--to', 'Contoso', ...only);
  expect(plan.stdout).toMatch(/^1 to create/m);
  return /restore show (\S+)/.exec(plan.stdout)?.[1] ?? '';
}

test('planned, confirmed, armed, carried out, and taken back', async () => {
  const id = await plans();
  const early = await says('restore', 'execute', id, ...TENANT);
  expect(early).toMatchObject({ code: 3, stderr: expect.stringMatching(/Nobody has confirmed/) });
  const why = ['--reason', 'it was deleted by mistake'];
  const wrong = await says('restore', 'confirm', id, ...TENANT, '--type-name', 'Conto', ...why);
  expect(wrong).toMatchObject({ code: 3, stderr: expect.stringMatching(/not this tenant's name/) });
  const good = await says('restore', 'confirm', id, ...TENANT, '--type-name', 'Contoso', ...why);
  expect(good).toMatchObject({ code: 0, stderr: '' });
  const unarmed = await says('restore', 'execute', id, ...TENANT);
  expect(unarmed).toMatchObject({ code: 3, stderr: expect.stringMatching(/connection arm/) });
  await says('connection', 'arm', ...TENANT, '--hours', '1', ...why);
  expect(await named(NAME)).toHaveLength(0);

  const done = await says('restore', 'execute', id, ...TENANT);
  expect(done).toMatchObject({ code: 0, stderr: '' });
  expect(done.stdout).toMatch(new RegExp(`done +${NAME}`));
  expect(await named(NAME)).toHaveLength(1);
  const shown = JSON.parse((await says('restore', 'show', id, ...TENANT, '--json')).stdout);
  expect(shown).toMatchObject({
    state: 'ended',
    outcome: 'succeeded',
    results: { verified: 1, unknown: 0 },
    confirmed: { reason: 'it was deleted by mistake' },
    items: [{ result: { state: 'verified' } }],
  });
  expect(await says('restore', 'retry', id, ...TENANT)).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/No item of this restore failed/),
  });

  const undo = await says('restore', 'undo', id, ...TENANT, '--delete-created');
  expect(undo.stdout).toMatch(/1 to delete/);
  const undoId = /restore confirm (\S+)/.exec(undo.stdout)?.[1] ?? '';
  await says('restore', 'confirm', undoId, ...TENANT, '--type-name', 'Contoso', ...why);
  expect(await says('restore', 'execute', undoId, ...TENANT)).toMatchObject({ code: 0 });
  expect(await named(NAME)).toHaveLength(0);
});

test('a token that was not made for it executes nothing', async () => {
  const id = await plans();
  const refused = await site.world.run(
    ['restore', 'confirm', id, ...TENANT, '--type-name', 'Contoso', '--reason', 'x'].concat([
      '--token-file',
      site.owner,
    ]),
  );
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringMatching(/does not allow/) });
});
