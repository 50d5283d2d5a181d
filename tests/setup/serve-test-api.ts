import { Db } from '../../src/db/db.ts';
import { createHttpApp } from '../../src/http/create-http-app.ts';
import { startHttpServer } from '../../src/http/listen.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { RunTypes } from '../../src/runs/run-types.ts';
import { testRunTypes } from './test-run-types.ts';

/** The API in a process: prints its address, serves until it is asked to stop. */
const url = new Secret(process.env['STORY_LOGIN_URL'] ?? '');
const db = new Db(url, { connectionsMax: 20, onError: () => {} });
const fail = (message: string, fields?: object) =>
  process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
const app = createHttpApp({
  db,
  runTypes: new RunTypes(testRunTypes),
  log: { debug: () => {}, info: () => {}, warn: fail, error: fail },
  clock: systemClock,
  readKey: () => Promise.reject(new Error('nothing is sealed here')),
});
const server = await startHttpServer({ app, host: '127.0.0.1', port: 0 });
process.stdout.write(`${server.url}\n`);
process.once('SIGTERM', async () => {
  await server.close();
  await db.close();
});
