import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { runTypes } from '../../src/app/run-types.ts';
import { Db } from '../../src/db/db.ts';
import { graphHosts } from '../../src/graph/clouds.ts';
import { createGraph } from '../../src/graph/create-graph.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { startWorker } from '../../src/queue/worker.ts';
import { WRITE_POINTS_CHANNEL } from '../../src/restores/writing/points.ts';
import { connectGraph } from '../../src/tenants/connect-graph.ts';
import { readKeyFile } from '../../src/tenants/key-file.ts';
import { LATE_VISIBILITY_MS, QUICK } from '../../tests/setup/worker-settings.ts';
import { type Order, orderSchema } from './order.ts';

/** A worker process of the product that kills itself at the point of a restore that it is told. */
const told = process.env['CHAOS_ORDER'];
if (told !== undefined) obey(orderSchema.parse(JSON.parse(told)));

const loginUrl = new Secret(process.env['STORY_LOGIN_URL'] ?? '');
const db = new Db(loginUrl, { connectionsMax: 20, onError: () => {} });
const graph = createGraph({
  clock: systemClock,
  hosts: graphHosts(process.env['STORY_GRAPH_URL'] ?? ''),
  limits: [],
  lateVisibilityMs: LATE_VISIBILITY_MS,
});
const key = await readKeyFile(process.env['STORY_KEY_FILE'] ?? '');
await startWorker({
  db,
  ownerUrl: new Secret(process.env['STORY_OWNER_URL'] ?? ''),
  loginUrl,
  runTypes,
  clock: systemClock,
  log: { happened: () => {}, failed: () => {} },
  // Slow enough to die that a loaded machine is rarely taken for a dead worker.
  settings: { ...QUICK, beatMs: 200, deadAfterMs: 2_000, leaseMs: 1_300 },
  openGraph: (tenantId, access) => connectGraph({ db, graph, key }, tenantId, access),
  onDead: () => process.exit(75),
});
process.stdout.write('ready\n');

function obey({ point, after, delayMs }: Order): void {
  let left = after;
  subscribe(WRITE_POINTS_CHANNEL, (reached) => {
    if (reached !== point) return;
    left -= 1;
    if (left >= 0) return;
    if (delayMs === 0) die(point);
    else setTimeout(() => die(point), delayMs);
  });
}

/** Nothing of this process runs after it: the signal is there before the call returns. */
function die(point: string): void {
  writeSync(1, `dies at ${point}\n`);
  process.kill(process.pid, 'SIGKILL');
}
