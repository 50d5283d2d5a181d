import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createToken } from '../../src/access/tokens.ts';
import { addUser } from '../../src/access/users.ts';
import { loadConfig } from '../../src/app/config.ts';
import { type App, createApp } from '../../src/app/create-app.ts';
import { createLog } from '../../src/app/log.ts';
import { withOwner } from '../../src/db/owner-client.ts';
import { allCapabilities } from '../../src/kernel/capabilities.ts';
import { DAY } from '../../src/kernel/durations.ts';
import type { UserId } from '../../src/kernel/ids.ts';
import type { Secret } from '../../src/kernel/secret.ts';
import { type SimulatorProcess, startSimulatorProcess } from './simulator.ts';
import { createTestDatabase, type TestDatabase } from './test-server.ts';
import { QUICK } from './worker-settings.ts';

/** The product in this process as its own start puts it together, with its own log. */
export interface SecretPlace {
  readonly database: TestDatabase;
  readonly simulator: SimulatorProcess;
  readonly app: App;
  /** Every line that the product logged. */
  readonly logged: string[];
  readonly owner: UserId;
  readonly token: Secret<string>;
  close(): Promise<void>;
}

export async function openSecretPlace(): Promise<SecretPlace> {
  const [database, simulator, folder] = await Promise.all([
    createTestDatabase(),
    startSimulatorProcess({ tenants: 3, limits: 'none' }),
    mkdtemp(join(tmpdir(), 'tenantatlas-secrets-')),
  ]);
  const { loginUrl, ownerUrl } = database;
  const config = loadConfig(
    {},
    {
      DATABASE_URL: loginUrl.reveal(),
      DATABASE_OWNER_URL: ownerUrl.reveal(),
      TENANTATLAS_KEY_FILE: join(folder, 'keys', 'key'),
      TENANTATLAS_GRAPH_URL: simulator.url,
      TENANTATLAS_GRAPH_LIMITS: 'none',
    },
  );
  const logged: string[] = [];
  const write = (line: string) => void logged.push(line);
  const log = createLog({ level: 'debug', part: 'story', write });
  const open = { loginUrl, ownerUrl, close: async () => {} };
  const app = createApp({ ...config, worker: QUICK }, open, log);
  const owner = await withOwner(ownerUrl, (client) =>
    addUser(client, { name: 'Ada', isAdmin: false }),
  );
  return {
    ...{ database, simulator, app, logged, owner },
    token: await tokenOf(app, owner),
    async close() {
      await app.close();
      await simulator.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

async function tokenOf(app: App, userId: UserId): Promise<Secret<string>> {
  const expiresAt = new Date(app.clock.now().getTime() + DAY);
  const token = { userId, name: 'story', scopes: allCapabilities(), tenantIds: null, expiresAt };
  const { text } = await withOwner(app.database.ownerUrl, (owner) => createToken(owner, token));
  return text;
}
