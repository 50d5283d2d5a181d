import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { QUICK_WORKER } from './setup/cli-installation.ts';
import { type CliWorld, openCliWorld } from './setup/cli-process.ts';
import { createTestDatabase, type TestDatabase } from './setup/test-server.ts';

let database: TestDatabase;
let world: CliWorld;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await openCliWorld(database, QUICK_WORKER);
});
afterAll(async () => {
  await world.close();
  await database.drop();
});

/** The workers that a server has started, and that live. */
async function workersOf(serverPid: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found: number[] = [];
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isOurs = Number(parent) === serverPid && command.includes('--worker-only');
    if (isOurs && state !== 'Z') found.push(Number(pid));
  }
  return found;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function serve() {
  const server = world.start(['serve', '--port', '0']);
  const [, url = ''] = await server.says(/^TenantAtlas listens on (http:\/\/127\.0\.0\.1:\d+)$/m);
  const worker = await vi.waitFor(async () => {
    const [pid] = await workersOf(server.pid);
    if (pid === undefined) throw new Error('no worker yet');
    return pid;
  }, 10_000);
  return { server, url, worker };
}

test('a worker that was killed is started again, and a stop ends both', async () => {
  const { server, url, worker } = await serve();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  process.kill(worker, 'SIGKILL');
  const next = await vi.waitFor(async () => {
    const [pid] = await workersOf(server.pid);
    if (pid === undefined || pid === worker) throw new Error('not yet');
    return pid;
  }, 15_000);
  expect((await world.run(['doctor'])).stdout).toMatch(/Worker: /);
  server.signal('SIGTERM');
  const ending = await server.ended;
  expect(ending.code).toBe(0);
  expect(ending.stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^TenantAtlas listens on http:/),
    expect.stringMatching(/^Set up the first admin \(once\): http:.*\/set-up#[\w-]{43}$/),
  ]);
  expect(isAlive(next)).toBe(false);
});

test('a server that is killed takes its worker with it', async () => {
  const { server, worker } = await serve();
  server.signal('SIGKILL');
  await server.ended;
  await vi.waitFor(() => expect(isAlive(worker)).toBe(false), { timeout: 20_000 });
});

test('server only has no worker; worker only works without a server', async () => {
  const server = world.start(['serve', '--server-only', '--port', '0', '--json']);
  const [, url = ''] = await server.says(/^\{"url":"(http:[^"]+)",.*\}$/m);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(await workersOf(server.pid)).toEqual([]);
  const worker = world.start(['serve', '--worker-only']);
  await vi.waitFor(
    async () => {
      const { stdout } = await world.run(['doctor', '--json']);
      const { checks } = JSON.parse(stdout);
      expect(checks).toContainEqual(expect.objectContaining({ name: 'Worker', ok: true }));
    },
    { timeout: 30_000, interval: 200 },
  );
  worker.signal('SIGTERM');
  server.signal('SIGINT');
  expect((await worker.ended).code).toBe(0);
  expect((await server.ended).code).toBe(0);
});

test('a port that is taken is said with what to do', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const ending = await world.run(['serve', '--port', String(port)]);
  other.close();
  expect(ending.code).toBe(3);
  expect(ending.stderr).toMatch(/taken by another program[\s\S]*choose another port/);
});

test('flags of the simulator are explained by the simulator', async () => {
  const ending = await world.run(['simulator', '--limits', 'wild']);
  expect(ending.stderr).toContain('--limits');
  expect(ending.code).toBe(2);
});

test('the simulator is a program of its own that says where it listens', async () => {
  const simulator = world.start(['simulator', '--port', '0', '--tenants', '1']);
  const [, url = ''] = await simulator.says(/^listening on (http:\S+)$/m);
  expect((await fetch(`${url}/_simulator/tenants`)).status).toBe(200);
  simulator.signal('SIGTERM');
  expect((await simulator.ended).code).toBe(0);
  await expect(fetch(`${url}/_simulator/tenants`)).rejects.toThrow();
});
