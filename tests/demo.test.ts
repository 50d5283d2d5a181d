import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type CliEnding, type CliWorld, openCliWorld } from './setup/cli-process.ts';

let world: CliWorld;
let data = '';
beforeAll(async () => {
  // Under the temporary folder, which PostgreSQL's own user can reach whoever runs the tests.
  data = await mkdtemp(join(tmpdir(), 'atlas-demo-'));
  world = await openCliWorld(null);
});
afterAll(async () => {
  await world.close();
  await rm(data, { recursive: true, force: true });
  await rm(`${data}-keys`, { recursive: true, force: true });
});

const answerSchema = z.strictObject({
  ok: z.boolean(),
  tenants: z.array(
    z.strictObject({
      name: z.string(),
      policies: z.int(),
      new: z.int(),
      unchanged: z.int(),
      failed: z.int(),
      seconds: z.number(),
      graphCalls: z.int(),
      throttled: z.int(),
    }),
  ),
});

const restoresSchema = answerSchema.extend({
  restores: z.strictObject({
    putBack: z.strictObject({ done: z.int(), failed: z.int(), seconds: z.number() }),
    intoEmpty: z.strictObject({
      tenant: z.string(),
      done: z.int(),
      failed: z.int(),
      seconds: z.number(),
      unchanged: z.int(),
      leftOut: z.int(),
      equal: z.int(),
      different: z.int(),
    }),
  }),
});

const statsSchema = z.object({
  tenants: z.array(z.object({ tenantId: z.string(), name: z.string(), writes: z.int() })),
});
const policiesSchema = z.object({
  objects: z.array(z.object({ name: z.string(), object: z.looseObject({ state: z.string() }) })),
});

function play(...more: string[]): Promise<CliEnding> {
  return world.run(['demo', '--once', '--data', data, ...more]);
}

test('the demo shows the main job and the point of it, and says it as JSON', async () => {
  const { code, stdout, stderr } = await play('--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/nothing here talks to Microsoft/);
  const { ok, tenants } = answerSchema.parse(JSON.parse(lines.at(-1) ?? ''));
  expect(ok).toBe(true);
  expect(tenants).toHaveLength(3);
  const [first] = tenants;
  for (const tenant of tenants) {
    expect(tenant).toMatchObject({ failed: 0 });
    expect(tenant.policies).toBeGreaterThan(5);
    expect(tenant.graphCalls).toBeGreaterThan(tenant.policies);
  }
  // Two policies have a second version, one is gone, all others are referred to.
  const policies = first?.policies ?? 0;
  expect(first).toMatchObject({ new: policies, unchanged: 0, failed: 0 });
  expect(new Set(tenants.map((tenant) => tenant.policies)).size).toBe(3);

  const sentence = `^3 changed, ${policies - 3} unchanged, 0 bodies stored twice$`;
  expect(stdout).toMatch(new RegExp(sentence, 'm'));
  const changes = stdout.slice(stdout.search(new RegExp(sentence, 'm')));
  expect(changes).toMatch(/changed +Windows - BitLocker disk encryption/);
  expect(changes).toMatch(/requiredeviceencryption: 1 → 0/i);
  expect(changes).toMatch(/\+ Assignment: All devices/);
  expect(changes).toMatch(/- Assignment: Group "/);
  expect(changes).toMatch(/deleted +\S/);
  const preview = changes.slice(changes.indexOf('6. Preview'));
  expect(preview).toMatch(/update +Windows - BitLocker disk encryption/);
  expect(preview).toMatch(/requiredeviceencryption: 0 → 1/i);
  expect(preview).toMatch(/- Assignment: All devices/);
  expect(preview).toMatch(/^1 to create, 2 to update, .* Nothing was written\.$/m);
  expect(changes).toMatch(/^Tenant +Policies by type +New +Unchanged +Failed/m);
  for (const { name } of tenants) expect(changes).toContain(name);
});

test('a second demo works, serves until it is stopped, and leaves nothing behind', async () => {
  const demo = world.start(['demo', '--data', data]);
  const [, url = ''] = await demo.says(/^Server +(http:\S+)/m);
  await demo.says(/Serving until Ctrl-C/);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const { tenants } = await demo.says(/^Simulator +(http:\S+)\/log/m).then(readStats);
  expect(tenants.map(({ writes }) => writes)).toEqual([0, 0, 0]);
  const policies = await world.run([
    ...['policies', '--token-file', join(data, 'token.json')],
    ...['--tenant', 'Northwind Clinics', '--search', 'BitLocker', '--json'],
  ]);
  expect(JSON.parse(policies.stdout)[0]).toMatchObject({ latestVersion: 2 });
  const children = await childrenOf(demo.pid);
  expect(children.length).toBeGreaterThanOrEqual(2);
  demo.signal('SIGINT');
  expect((await demo.ended).code).toBe(0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  await expectNothingLeft(children);
});

test('asked to, it puts back what was changed, fills an empty tenant and counts', async () => {
  const demo = world.start(['demo', '--restore', '--json', '--data', data]);
  const [, page = ''] = await demo.says(/^Simulator +(http:\S+)\/log/m);
  const [line = ''] = await demo.says(/^\{.*\}$/m);
  const { ok, tenants, restores } = restoresSchema.parse(JSON.parse(line));
  const { putBack, intoEmpty } = restores;
  expect(ok).toBe(true);
  expect(tenants).toHaveLength(3);
  expect(putBack).toMatchObject({ done: 3, failed: 0 });
  // One holds secrets that nobody entered; the built-in scope tag is everywhere.
  expect(intoEmpty).toMatchObject({ failed: 0, leftOut: 1, unchanged: 1 });
  expect(intoEmpty.done + 2).toBe(tenants[0]?.policies);
  expect(intoEmpty.equal + intoEmpty.different).toBe(intoEmpty.done + 1);
  const [told = ''] = await demo.says(/^7\. Restore[\s\S]*$/m);
  expect(told).toMatch(/done +Windows - BitLocker disk encryption/);
  expect(told).toMatch(/left out Windows - Custom: VPN and device tag .*secret values/);
  const sentence = `${intoEmpty.different} changed, 0 added, 0 deleted, 1 missing`;
  expect(told).toContain(`${sentence}, ${intoEmpty.equal} the same.`);

  const stats = statsSchema.parse(await (await fetch(`${page}/stats`)).json()).tenants;
  const filled = stats.find(({ name }) => name === intoEmpty.tenant);
  const written = stats.filter(({ writes }) => writes > 0).map(({ name }) => name);
  expect(written).toEqual([tenants[0]?.name, intoEmpty.tenant]);
  const path = `objects/${filled?.tenantId}/conditionalAccessPolicies?full=1`;
  const policies = policiesSchema.parse(await (await fetch(`${page}/${path}`)).json()).objects;
  expect(policies.length).toBeGreaterThanOrEqual(intoEmpty.different);
  expect(new Set(policies.map(({ object }) => object.state))).toEqual(new Set(['disabled']));
  demo.signal('SIGINT');
  expect((await demo.ended).code).toBe(0);
}, 180_000);

test('a demo that is killed leaves no process of its own, and the next one works', async () => {
  const demo = world.start(['demo', '--data', data]);
  const [, url = ''] = await demo.says(/are up: (http:\S+)/);
  const children = await childrenOf(demo.pid);
  expect(children.length).toBeGreaterThanOrEqual(2);
  demo.signal('SIGKILL');
  await demo.ended;
  await vi.waitFor(
    async () => {
      for (const pid of children) expect(await commandOf(pid)).toBe('');
    },
    { timeout: 30_000 },
  );
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  expect((await play()).code).toBe(0);
  await expectNothingLeft([]);
});

test('stopped in the middle it ends at once, not well, and cleans up', async () => {
  const demo = world.start(['demo', '--data', data]);
  await demo.says(/are up/);
  demo.signal('SIGTERM');
  const { code, stdout } = await demo.ended;
  expect(code).toBe(1);
  expect(stdout).toMatch(/Stopped\.$/m);
  await expectNothingLeft([]);
});

async function readStats([, page]: RegExpExecArray): Promise<z.infer<typeof statsSchema>> {
  return statsSchema.parse(await (await fetch(`${page}/stats`)).json());
}

/** None of these processes, and none that names the data folder: its database. */
async function expectNothingLeft(children: readonly number[]): Promise<void> {
  for (const pid of children) expect(await commandOf(pid)).toBe('');
  const commands = await Promise.all((await readdir('/proc')).map(Number).map(commandOf));
  expect(commands.filter((command) => command.includes(data))).toEqual([]);
}

async function childrenOf(parent: number): Promise<number[]> {
  const found: number[] = [];
  for (const pid of (await readdir('/proc')).map(Number).filter(Number.isInteger)) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    // The database may be a child as well; it is meant to survive us.
    if (ppid === parent && (await commandOf(pid)).includes('.ts')) found.push(pid);
  }
  return found;
}

/** Empty for one that is gone. */
async function commandOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.replaceAll('\0', ' ').trim();
}
