import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canaryText, findCanaries } from './setup/canaries.ts';
import { type CliInstallation, openInstallation } from './setup/cli-installation.ts';
import { type SimulatorProcess, startSimulatorProcess } from './setup/simulator.ts';

let simulator: SimulatorProcess;
let site: CliInstallation;
let backup: string;
const NAME = 'Windows - BitLocker disk encryption';

beforeAll(async () => {
  simulator = await startSimulatorProcess({ tenants: 2, limits: 'none' });
  site = await openInstallation(simulator);
  await setUpFabrikam();
  const { id } = await jsonOf('backup', '--tenant', 'Contoso');
  backup = id; // a backup bears the id of its run
  await jsonOf('backup', '--tenant', 'Fabrikam');
  const policies = await simulator.objects(entraOf(0), 'configurationPolicies');
  const policy = policies.find(({ name }) => name === NAME);
  const changes = { description: 'changed in the portal' };
  await simulator.editObject(entraOf(0), 'configurationPolicies', policy?.id ?? '', changes);
});
afterAll(async () => {
  await site?.close();
  await simulator?.close();
});

const entraOf = (at: number) => simulator.tenants[at]?.id ?? '';
const run = (...args: string[]) => site.world.run([...args, '--token-file', site.owner]);

async function jsonOf(...args: string[]) {
  const ending = await run(...args, '--json');
  expect(ending.stderr).toBe('');
  return JSON.parse(ending.stdout);
}

async function setUpFabrikam(): Promise<void> {
  const [, entra] = simulator.tenants;
  if (entra === undefined) throw new Error('two tenants');
  await site.world.run(['tenant', 'add', 'Fabrikam', '--owner', 'Anna']);
  const ids = ['--entra-tenant', entra.id, '--client-id', entra.clientId, '--secret-stdin'];
  const args = ['connection', 'add', '--tenant', 'Fabrikam', ...ids];
  expect(await site.world.run(args, `${entra.clientSecret}\n`)).toMatchObject({ code: 0 });
}

test('a preview tells people what would be put back, and that nothing was', async () => {
  const said = await run(
    ...['restore', 'plan', '--from', backup, '--to', 'Contoso'],
    ...['--only', 'configurationPolicy', '--search', 'bitlocker'],
  );
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toMatch(new RegExp(`update +${NAME} +Settings catalog policy`));
  expect(said.stdout).toMatch(/Description: "?changed in the portal"? → /);
  expect(said.stdout).toMatch(/! It was changed since it was last backed up/);
  expect(said.stdout).toMatch(/^0 to create, 1 to update, .* Nothing was written\.$/m);
  const [, id = ''] = /restore show (\S+)/.exec(said.stdout) ?? [];
  const shown = await run('restore', 'show', id, '--tenant', 'Contoso');
  expect(shown.stdout).toContain('1 to update');
  expect(await jsonOf('restore', 'show', id, '--tenant', 'Contoso')).toMatchObject({
    state: 'planned',
    stale: [],
    items: [{ name: NAME, action: 'update' }],
  });
});

test('from another tenant, with ids mapped by a file', async () => {
  const map = join(site.world.home, 'map.json');
  await writeFile(map, JSON.stringify({ 'group:nobody': null }));
  const plan = await jsonOf(
    ...['restore', 'plan', '--from', backup, '--from-tenant', 'Contoso', '--to', 'Fabrikam'],
    ...['--only', 'configurationPolicy', '--map', map, '--prefix', 'Contoso: ', '--no-assignments'],
  );
  expect(plan).toMatchObject({
    source: { kind: 'copies' },
    mapping: { 'group:nobody': null },
    options: { namePrefix: 'Contoso: ', withAssignments: false },
    run: { outcome: 'succeeded' },
  });
  const held = simulator.tenants[0]?.objects['configurationPolicies'] ?? 0;
  expect(plan.items).toHaveLength(held);
  const actions = new Set(plan.items.map(({ action }: { action: string }) => action));
  expect(actions).toContain('create');
});

test('a value that Graph hides is entered from a file or standard input, never shown', async () => {
  const name = 'Windows - Custom: VPN and device tag';
  const policies = await simulator.objects(entraOf(0), 'deviceConfigurations');
  const policy = policies.find((each) => each.name === name);
  await simulator.removeObject(entraOf(0), 'deviceConfigurations', policy?.id ?? '');
  const search = ['--only', 'deviceConfiguration', '--search', 'vpn'];
  const plan = await run('restore', 'plan', '--from', backup, '--to', 'Contoso', ...search);
  expect(plan.stdout).toMatch(/\? place omaSettings\[1\]: value missing/);
  const [, id = ''] = /restore secret (\S+)/.exec(plan.stdout) ?? [];
  const [psk, eap] = [canaryText('psk'), canaryText('eap')];
  const file = join(site.world.home, 'psk');
  await writeFile(file, `${psk}\n`);
  const enter = ['restore', 'secret', id, '--tenant', 'Contoso', '--item', name];
  const token = ['--token-file', site.owner];
  const said = [
    await run(...enter, '--value-file', file),
    await run(...enter, '--place', 'omaSettings[0]', '--value-file', file),
    await run(...enter, '--place', 'omaSettings[1]', '--value-file', file),
    await site.world.run([...enter, ...token, '--value-stdin'], `${eap}\n`),
  ];
  expect(said.map(({ code }) => code)).toEqual([2, 2, 0, 0]);
  expect(said[0]?.stderr).toContain('--place: one of "omaSettings[1]", "omaSettings[2]"');
  expect(said[1]?.stderr).toContain('/entries/0/place');
  await run('run', 'start', 'restore.plan', '--tenant', 'Contoso', '--input', inputOf(id));
  const shown = await run('restore', 'show', id, '--tenant', 'Contoso');
  expect(shown.stdout).toMatch(new RegExp(`create +${name}`));
  expect(shown.stdout).toMatch(/= place omaSettings\[2\]: value entered/);
  const all = [...said, shown].map(({ stdout, stderr }) => stdout + stderr).join();
  expect(
    findCanaries(
      all,
      [psk, eap].map((value) => ({ name: 'value', value })),
    ),
  ).toEqual([]);
});

const inputOf = (restoreId: string) => JSON.stringify({ restoreId });

test('what is not known there is printed as a file to fill in, which --map takes', async () => {
  const groups = await simulator.objects(entraOf(1), 'groups');
  const pilot = groups.find(({ name }) => name === 'SG-Intune-Pilot-Devices');
  const renamed = { displayName: 'Fabrikam SG-Intune-Pilot-Devices' };
  await simulator.editObject(entraOf(1), 'groups', pilot?.id ?? '', renamed);
  expect(await run('groups', 'sync', '--tenant', 'Fabrikam')).toMatchObject({ code: 0 });
  const listed = await run('groups', 'list', '--tenant', 'Fabrikam', '--search', 'AUTOPILOT');
  expect(listed.stdout).toMatch(/DG-Autopilot-Devices +security +rule/);
  expect(await run('groups', 'sync', '--tenant', 'Contoso')).toMatchObject({ code: 0 });
  const args = ['restore', 'plan', '--from', backup, '--from-tenant', 'Contoso'];
  const only = ['--to', 'Fabrikam', '--only', 'configurationPolicy'];
  const plan = await jsonOf(...args, ...only);
  const unmapped = ['restore', 'mapping', plan.id, '--tenant', 'Fabrikam', '--unmapped'];
  const printed = await run(...unmapped);
  const { stdout } = printed;
  expect(printed).toMatchObject({ code: 0, stderr: '' });
  const [row] = (await jsonOf(...unmapped)).filter(
    ({ kind }: { kind: string }) => kind === 'group',
  );
  const key = `group:${row.sourceId}`;
  expect(JSON.parse(stdout)).toMatchObject({
    [`// ${key}`]: expect.stringContaining(`${pilot?.id} "${renamed.displayName}"`),
    [key]: null,
  });
  const map = join(site.world.home, 'filled-in.json');
  await writeFile(map, stdout.replace(`"${key}": null`, `"${key}": "${pilot?.id}"`));
  const mapped = await jsonOf(...args, ...only, '--map', map);
  expect(mapped.mapping).toMatchObject({ [key]: pilot?.id });
  const all = await jsonOf('restore', 'mapping', mapped.id, '--tenant', 'Fabrikam');
  expect(all).toContainEqual(expect.objectContaining({ sourceId: row.sourceId, how: 'by_hand' }));

  const ticked = await jsonOf(...args, ...only, '--create-groups', row.sourceId);
  expect(ticked.options).toMatchObject({ createGroups: [row.sourceId] });
  const shown = await run('restore', 'show', ticked.id, '--tenant', 'Fabrikam');
  expect(shown.stdout).toContain('A group would be made for it, new and empty');
  expect(shown.stdout).toContain('(group "SG-Intune-Pilot-Devices")');
});

test('what cannot be understood is a usage error; a backup of nobody is not found', async () => {
  const missing = ['--map', join(site.world.home, 'missing.json')];
  const to = ['--to', 'Contoso'];
  const bad = await run('restore', 'plan', '--from', backup, ...to, ...missing);
  expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('--map') });
  const absent = await run('restore', 'plan', '--from', crypto.randomUUID(), ...to);
  expect(absent).toMatchObject({ code: 3 });
});

test('none of that wrote anything to Graph', async () => {
  for (const at of [0, 1]) expect((await simulator.stats(entraOf(at))).writes).toBe(0);
});
