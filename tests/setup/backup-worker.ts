import { runTypes } from '../../src/app/run-types.ts';
import { Db } from '../../src/db/db.ts';
import { graphHosts } from '../../src/graph/clouds.ts';
import { createGraph } from '../../src/graph/create-graph.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { startWorker } from '../../src/queue/worker.ts';
import { connectGraph } from '../../src/tenants/connect-graph.ts';
import { readKeyFile } from '../../src/tenants/key-file.ts';
import { QUICK } from './worker-settings.ts';

/** A worker process with every run type of the product, against a simulated Graph. */
const loginUrl = new Secret(process.env['STORY_LOGIN_URL'] ?? '');
const db = new Db(loginUrl, { connectionsMax: 20, onError: () => {} });
const graph = createGraph({
  clock: systemClock,
  hosts: graphHosts(process.env['STORY_GRAPH_URL'] ?? ''),
});
const key = await readKeyFile(process.env['STORY_KEY_FILE'] ?? '');
await startWorker({
  db,
  ownerUrl: new Secret(process.env['STORY_OWNER_URL'] ?? ''),
  loginUrl,
  runTypes,
  clock: systemClock,
  log: { happened: () => {}, failed: () => {} },
  // Slow enough to die that a loaded machine is not taken for a dead worker.
  settings: { ...QUICK, beatMs: 300, deadAfterMs: 3_000 },
  openGraph: (tenantId, access) => connectGraph({ db, graph, key }, tenantId, access),
  onDead: () => process.exit(75),
});
process.stdout.write('ready\n');
