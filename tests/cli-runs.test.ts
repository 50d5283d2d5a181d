import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliInstallation, openInstallation } from './setup/cli-installation.ts';
import { type SimulatorProcess, startSimulatorProcess } from './setup/simulator.ts';

let simulator: SimulatorProcess;
let site: CliInstallation;
beforeAll(async () => {
  simulator = await startSimulatorProcess({ tenants: 1, limits: 'none' });
  site = await openInstallation(simulator);
});
afterAll(async () => {
  await site?.close();
  await simulator?.close();
});

const run = (...args: string[]) => site.world.run([...args, '--token-file', site.owner]);

async function jsonOf(...args: string[]) {
  const ending = await run(...args, '--json');
  expect(ending.stderr).toBe('');
  return { code: ending.code, answer: JSON.parse(ending.stdout) };
}

test('sync, then policies: what the tenant holds, by name and type', async () => {
  const sync = await run('sync');
  expect(sync).toMatchObject({ code: 0, stderr: '' });
  expect(sync.stdout).toMatch(/succeeded/);
  const { answer } = await jsonOf('policies', '--type', 'configurationPolicy');
  expect(answer).toHaveLength(simulator.tenants[0]?.objects['configurationPolicies'] ?? 0);
  const table = await run('policies', '--search', 'BitLocker');
  expect(table.stdout).toMatch(/^Id .*Type .*Name/);
  expect(table.stdout).toMatch(/Windows - BitLocker disk encryption/);
});

test('a list of nothing says so, and what to do', async () => {
  const { stdout } = await run('policies', '--search', 'no policy is called this');
  expect(stdout).toBe('No such policies. Look with: tenantatlas sync\n');
});

test('a backup is followed to its end; of chosen types, and as JSON', async () => {
  const types = ['--types', 'namedLocation,roleScopeTag'];
  const { code, answer } = await jsonOf('backup', '--name', 'Chosen', ...types);
  expect(code).toBe(0);
  expect(answer).toMatchObject({ type: 'backup.create', outcome: 'succeeded', failedItems: [] });
});

test('backups are listed, and two of them compared', async () => {
  const entra = simulator.tenants[0]?.id ?? '';
  const [location] = await simulator.objects(entra, 'namedLocations');
  const types = ['--types', 'namedLocation'];
  await run('backup', '--name', 'Before', ...types);
  await simulator.editObject(entra, 'namedLocations', location?.id ?? '', {
    displayName: 'Renamed',
  });
  await run('backup', '--name', 'After', ...types);

  const { answer: backups } = await jsonOf('backups', '--limit', '2');
  const [after, before] = backups;
  expect([after.name, before.name]).toEqual(['After', 'Before']);
  expect((await run('backups')).stdout).toMatch(/^Id .*Name .*State/);

  const said = await run('backups', '--compare', before.id, after.id);
  expect(said.code).toBe(0);
  expect(said.stdout).toMatch(/^1 changed, \d+ unchanged/);
  expect(said.stdout).toMatch(/changed +Renamed +version 1 → 2/);
  const { answer: alone } = await jsonOf('backups', '--compare', after.id);
  expect(alone).toMatchObject({ since: before.id, found: [{ name: 'Renamed', kind: 'changed' }] });
  expect((await run('backups', '--compare', 'x')).code).toBe(2);
});

test('without waiting the run is named, and can be watched and found in the list', async () => {
  const { answer: started } = await jsonOf('backup', '--no-wait');
  const watched = await run('run', 'watch', started.id);
  expect(watched.code).toBe(0);
  expect(watched.stdout).toMatch(/done|succeeded/);
  const { answer: runs } = await jsonOf('runs', '--type', 'backup.create', '--limit', '1');
  expect(runs).toHaveLength(1);
  expect(runs[0].id).toBe(started.id);
  expect((await run('runs')).stdout).toContain(started.id);
});

test('any kind of run can be started by its name and input', async () => {
  const { answer: types } = await jsonOf('run', 'types');
  expect(types.map(({ name }: { name: string }) => name)).toContain('policy.capture_snapshot');
  const { answer: policies } = await jsonOf('policies', '--search', 'BitLocker');
  const input = JSON.stringify({ policyId: policies[0].id, reason: 'by hand' });
  const started = await run('run', 'start', 'policy.capture_snapshot', '--input', input);
  expect(started.code).toBe(0);
  const unknown = await run('run', 'start', 'policy.guess');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatch(/<type>/);
});

test('items that failed are told with what to do, and the exit code is 1', async () => {
  await simulator.befall({
    match: { path: '/identity/conditionalAccess/policies' },
    times: 'always',
    fault: { kind: 'notPermitted' },
  });
  const ending = await run('sync');
  await simulator.clearFaults();
  expect(ending.code).toBe(1);
  expect(ending.stdout).toMatch(/Conditional Access/);
  expect(ending.stdout).toMatch(/lacks a permission[\s\S]*Grant/);
});

test('a run that waits can be cancelled; its watcher ends with 1', async () => {
  await simulator.befall({ times: 'always', fault: { kind: 'hang' } });
  const { answer: started } = await jsonOf('sync', '--no-wait');
  const watcher = site.world.start(['run', 'watch', started.id, '--token-file', site.owner]);
  const cancelled = await run('run', 'cancel', started.id);
  expect(cancelled.code).toBe(0);
  await simulator.clearFaults();
  const ending = await watcher.ended;
  expect(ending.code).toBe(1);
  expect(ending.stdout).toMatch(/cancelled/);
  expect((await run('run', 'cancel', started.id)).code).toBe(3);
});

test('who may only read starts nothing: 3, naming the right that is missing', async () => {
  const ending = await site.world.run(['backup', '--token-file', site.reader]);
  expect(ending.code).toBe(3);
  expect(ending.stderr).toMatch(/role in this tenant does not allow[\s\S]*backups:create/);
});

test('a run of nobody we know is refused like one that does not exist', async () => {
  const ending = await run('run', 'watch', '01a2096d-70f6-790b-aad7-946390678e1d');
  expect(ending.code).toBe(3);
  expect(ending.stderr).toMatch(/may not see this, or it does not exist/);
});

test('a tenant that is not there is a usage error that says which there are', async () => {
  const ending = await run('sync', '--tenant', 'Nowhere');
  expect(ending.code).toBe(2);
  expect(ending.stderr).toMatch(/--tenant: not found; choose one of "Contoso"/);
});

test('no server: 3, and how to start one', async () => {
  const ending = await run('sync', '--url', 'http://127.0.0.1:1');
  expect(ending.code).toBe(3);
  expect(ending.stderr).toMatch(/does not answer[\s\S]*tenantatlas serve/);
});

test('no token: 2, and how to make one', async () => {
  const file = join(site.world.home, 'none.json');
  const ending = await site.world.run(['sync', '--token-file', file]);
  expect(ending.code).toBe(2);
  expect(ending.stderr).toMatch(/token create/);
});
