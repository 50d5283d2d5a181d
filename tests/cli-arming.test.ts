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

const ARM = ['connection', 'arm', '--tenant', 'Contoso', '--hours', '2', '--reason', 'a change'];
const DISARM = ['connection', 'disarm', '--tenant', 'Contoso', '--reason', 'done'];
const run = (...args: string[]) => site.world.run([...args, '--token-file', site.owner]);

function adds(clientId: string, secret: string, ...more: string[]) {
  const known = ['--tenant', 'Contoso', '--client-id', clientId, '--secret-stdin'];
  return site.world.run(['connection', 'write-add', ...known, ...more], `${secret}\n`);
}

test('nothing is armed before there is an application that may write', async () => {
  const ending = await run(...ARM);
  expect(ending.code).toBe(3);
  expect(ending.stderr).toMatch(/no application that may write[\s\S]*connection write-add/);
});

test('the application that reads is not taken for it', async () => {
  const [entra] = simulator.tenants;
  const ending = await adds(entra?.clientId ?? '', 'any');
  expect(ending.code).toBe(3);
  expect(ending.stderr).toMatch(/second application in Entra/);
});

test('it is added, armed for some hours, disarmed and removed', async () => {
  const [entra] = simulator.tenants;
  if (entra === undefined) throw new Error('the simulator has no tenant');
  const { writeClientId: clientId, writeClientSecret: secret } = entra;
  const added = await adds(clientId, secret, '--json');
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(added.stdout)).toEqual({ tenant: 'Contoso', clientId });

  const startedAt = Date.now();
  const armed = await run(...ARM, '--json');
  expect(armed).toMatchObject({ code: 0, stderr: '' });
  const { writeRegistration } = JSON.parse(armed.stdout);
  expect(writeRegistration).toMatchObject({ clientId, verifiedAt: null });
  expect(writeRegistration.armedBy).toMatch(/^Anna/);
  const hours = (Date.parse(writeRegistration.armedUntil) - startedAt) / 3_600_000;
  expect(hours).toBeCloseTo(2, 1);
  expect((await run(...ARM)).stdout).toMatch(/may write to "Contoso" until 20\d\d-/);

  const disarmed = await run(...DISARM);
  expect(disarmed).toMatchObject({ code: 0, stdout: 'Nothing may write to "Contoso" now.\n' });
  const again = JSON.parse((await run(...DISARM, '--json')).stdout);
  expect(again.writeRegistration).toMatchObject({ armedUntil: null, armedBy: null });

  const remove = ['connection', 'write-remove', '--tenant', 'Contoso'];
  expect((await site.world.run(remove)).code).toBe(0);
  expect((await run(...ARM)).code).toBe(3);
  expect((await site.world.run(remove)).stderr).toMatch(/no application that may write/);
});

test('who may only read arms nothing', async () => {
  const ending = await site.world.run([...ARM, '--token-file', site.reader]);
  expect(ending.code).not.toBe(0);
  expect(ending.stderr).toMatch(/role in this tenant does not allow this/);
});
