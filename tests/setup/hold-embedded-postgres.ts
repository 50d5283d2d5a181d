import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '../../src/db/embedded/start-embedded-postgres.ts';

/**
 * A process of its own that holds an embedded server: `node hold-embedded-postgres.ts FOLDER`. It
 * says what it found in one line of JSON, releases when a line comes in, and says how that went.
 */
const server = await startEmbeddedPostgres({
  dataFolder: process.argv[2] ?? '',
  settings: { fsync: 'off' },
});
say({ wasAdopted: server.wasAdopted, adminUrl: server.adminUrl.reveal() });
for await (const _line of createInterface({ input: process.stdin })) break;
say({ released: await server.release() });
process.exit(0);

function say(words: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(words)}\n`);
}
