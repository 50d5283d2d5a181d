import { join } from 'node:path';
import { type CliWorld, openCliWorld, type RunningCli } from './cli-process.ts';
import type { SimulatorProcess } from './simulator.ts';
import { createTestDatabase, type TestDatabase } from './test-server.ts';

/** An installation set up by its commands: a tenant with a connection, two people, a server. */
export interface CliInstallation {
  readonly world: CliWorld;
  readonly database: TestDatabase;
  readonly server: RunningCli;
  readonly url: string;
  /** Token files: Anna owns the tenant, Ron may only read. */
  readonly owner: string;
  readonly reader: string;
  close(): Promise<void>;
}

/** Beat, death and slices in fractions of a second: stories must not wait for real crashes. */
export const QUICK_WORKER = {
  TENANTATLAS_WORKER_BEAT_MS: '100',
  TENANTATLAS_WORKER_DEAD_MS: '600',
  TENANTATLAS_WORKER_CARETAKE_MS: '100',
};

export async function openInstallation(simulator: SimulatorProcess): Promise<CliInstallation> {
  const database = await createTestDatabase();
  const world = await openCliWorld(database, {
    TENANTATLAS_GRAPH_URL: simulator.url,
    ...QUICK_WORKER,
  });
  const [tenant] = simulator.tenants;
  if (tenant === undefined) throw new Error('the simulator has no tenant');
  const run = async (args: readonly string[], stdin = '') => {
    const ending = await world.run(args, stdin);
    if (ending.code !== 0) throw new Error(`${args.join(' ')}: ${ending.stderr}`);
  };
  await run(['user', 'add', 'Anna', '--admin']);
  await run(['user', 'add', 'Ron']);
  await run(['tenant', 'add', 'Contoso', '--owner', 'Anna']);
  await run(['member', 'add', '--tenant', 'Contoso', '--user', 'Ron', '--role', 'readonly']);
  const entra = ['--entra-tenant', tenant.id, '--client-id', tenant.clientId, '--secret-stdin'];
  await run(['connection', 'add', '--tenant', 'Contoso', ...entra], `${tenant.clientSecret}\n`);
  const server = world.start(['serve', '--port', '0']);
  const [, url = ''] = await server.says(/listens on (http:\S+)/);
  const owner = join(world.home, 'owner.json');
  const reader = join(world.home, 'reader.json');
  await run(['token', 'create', '--user', 'Anna', '--url', url, '--file', owner]);
  await run(['token', 'create', '--user', 'Ron', '--url', url, '--file', reader]);
  return {
    world,
    database,
    server,
    url,
    owner,
    reader,
    close: async () => {
      await world.close();
      await database.drop();
    },
  };
}
