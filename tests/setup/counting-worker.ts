import { Db } from '../../src/db/db.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { startWorker } from '../../src/queue/worker.ts';
import { RunTypes } from '../../src/runs/run-types.ts';
import { countingRun, misbehaviour } from './counting-run.ts';
import { QUICK } from './worker-settings.ts';

/** A worker process for stories: it counts, and dies at the number it was told to die at. */
misbehaviour.set(process.env['STORY_DIES_AT'] ?? 'never', async () => {
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
});

const loginUrl = new Secret(process.env['STORY_LOGIN_URL'] ?? '');
const db = new Db(loginUrl, { connectionsMax: 20, onError: () => {} });
const worker = await startWorker({
  db,
  ownerUrl: new Secret(process.env['STORY_OWNER_URL'] ?? ''),
  loginUrl,
  runTypes: new RunTypes([countingRun]),
  clock: systemClock,
  log: {
    happened: () => {},
    failed: (...args) => process.stderr.write(`${JSON.stringify(args)} ${args[2]}\n`),
  },
  settings: QUICK,
  openGraph: () => Promise.reject(new Error('this story needs no Graph')),
  onDead: () => process.exit(75),
});
process.on('SIGTERM', async () => {
  await worker.stop();
  await db.close();
  process.exit(0);
});
process.stdout.write('ready\n');
