import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliInstallation, openInstallation } from './setup/cli-installation.ts';
import { type SimulatorProcess, startSimulatorProcess } from './setup/simulator.ts';

let simulator: SimulatorProcess;
let site: CliInstallation;
let first: string;
let second: string;
const NAME = 'Windows - BitLocker disk encryption';

beforeAll(async () => {
  simulator = await startSimulatorProcess({ tenants: 2, limits: 'none' });
  site = await openInstallation(simulator);
  await setUpFabrikam();
  first = (await jsonOf('backup', '--tenant', 'Contoso')).id; // a backup bears its run's id
  await jsonOf('backup', '--tenant', 'Fabrikam');
  await describes('described in the portal');
  second = (await jsonOf('backup', '--tenant', 'Contoso')).id;
  await describes('described once more');
});
afterAll(async () => {
  await site?.close();
  await simulator?.close();
});

const entraOf = (at: number) => simulator.tenants[at]?.id ?? '';
const run = (...args: string[]) => site.world.run([...args, '--token-file', site.owner]);
const diff = (...args: string[]) => run('diff', ...args, '--tenant', 'Contoso');

async function jsonOf(...args: string[]) {
  const ending = await run(...args, '--json');
  expect(ending.stderr).toBe('');
  return JSON.parse(ending.stdout);
}

async function describes(description: string): Promise<void> {
  const policies = await simulator.objects(entraOf(0), 'configurationPolicies');
  const policy = policies.find(({ name }) => name === NAME);
  await simulator.editObject(entraOf(0), 'configurationPolicies', policy?.id ?? '', {
    description,
  });
}

async function setUpFabrikam(): Promise<void> {
  const [, entra] = simulator.tenants;
  if (entra === undefined) throw new Error('two tenants');
  await site.world.run(['tenant', 'add', 'Fabrikam', '--owner', 'Anna']);
  const ids = ['--entra-tenant', entra.id, '--client-id', entra.clientId, '--secret-stdin'];
  const args = ['connection', 'add', '--tenant', 'Fabrikam', ...ids];
  expect(await site.world.run(args, `${entra.clientSecret}\n`)).toMatchObject({ code: 0 });
}

test('two versions, setting by setting, either way round', async () => {
  const said = await diff(`version:${NAME}@1`, `policy:${NAME}`);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(/BitLocker.*, version 1 → .*, version 2 {2}Settings catalog policy/);
  expect(said.stdout).toMatch(/Description: .* → described in the portal/);
  const back = await diff(`version:${NAME}@2`, `version:${NAME}@1`);
  expect(back.stdout).toMatch(/Description: described in the portal → /);
  expect((await diff(`policy:${NAME}`, `version:${NAME}@2`)).stdout).toMatch(/No differences\./);
});

test('two policies of a type; those of different types are refused', async () => {
  const said = await diff('policy:Windows - Edge security', 'policy:Windows - Edge extensions');
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(/Name: Windows - Edge security → Windows - Edge extensions/);
  const refused = await diff(`policy:${NAME}`, 'policy:Headquarters');
  expect(refused).toMatchObject({ code: 3 });
  expect(refused.stderr).toMatch(/different types cannot be compared/);
});

test('a version with the live policy: a run, watched to its end', async () => {
  const said = await diff(`policy:${NAME}`, `live:${NAME}`);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(/BitLocker.*version 2 → .*BitLocker.*, live/);
  expect(said.stdout).toMatch(/Description: described in the portal → described once more/);
  const back = await diff(`live:${NAME}`, `policy:${NAME}`);
  expect(back.stdout).toMatch(/Description: described once more → described in the portal/);
  const json = await jsonOf('diff', `policy:${NAME}`, `live:${NAME}`, '--tenant', 'Contoso');
  expect(json).toMatchObject({ isSame: false, kind: 'live', run: { outcome: 'succeeded' } });
});

test('two backups: a run; the same twice has no differences', async () => {
  const said = await diff(`backup:${first}`, `backup:${second}`);
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(new RegExp(`changed +${NAME} +Settings catalog policy`));
  expect(said.stdout).toMatch(/^1 changed, 0 added, 0 deleted, 0 missing, \d+ the same\.$/m);
  const same = ['diff', `backup:${second}`, `backup:${second}`, '--tenant', 'Contoso'];
  expect(await jsonOf(...same)).toMatchObject({ isSame: true, items: [] });
});

test('tenant against tenant, and a policy of each', async () => {
  const json = await jsonOf('diff', 'tenant:Contoso', 'tenant:Fabrikam');
  expect(json).toMatchObject({ isSame: false, kind: 'copies', run: { outcome: 'succeeded' } });
  expect(json.counts.uncompared).toBe(0);
  expect(json.counts.unchanged).toBeGreaterThan(0);
  expect(json.before.label).toBe('Contoso');
  const two = ['diff', 'policy:Headquarters', 'policy:Headquarters', '--from-tenant', 'Contoso'];
  const said = await run(...two, '--tenant', 'Fabrikam');
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(/Contoso → Fabrikam, Headquarters, version 1/);
});

test('what cannot be understood is a usage error', async () => {
  for (const [a, b, why] of [
    ['BitLocker', 'policy:x', /<a>: must be policy:/],
    ['policy:x', `backup:${first}`, /<b>: a policy is compared with a policy/],
    [`live:${NAME}`, `live:${NAME}`, /one side at most can be live/],
    ['tenant:Contoso', `backup:${first}`, /within one tenant compare two backups/],
    ['policy:no such policy', `policy:${NAME}`, /has no such policy/],
  ] as const) {
    const said = await diff(a, b);
    expect(said.stderr).toMatch(why);
    expect(said.code).toBe(2);
  }
});

test('none of that wrote anything to Graph', async () => {
  for (const at of [0, 1]) expect((await simulator.stats(entraOf(at))).writes).toBe(0);
});
