import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RestoreId } from '../src/kernel/ids.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** What the database refuses of the ledger whoever asks, so that no code path can forget it. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let restoreId: RestoreId;
let admin: Client;

beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  const backup = await acme.backsUp();
  const name = 'Windows - Credential Guard';
  const collection = 'configurationPolicies';
  const gone = await idOf(acme, collection, name);
  await story.simulator.removeObject(acme.tenant.entra.id, collection, gone);
  restoreId = await acme.previewsBackup(backup, { selection: { nameContains: name } });
  await acme.executes(restoreId);
  admin = new Client({ connectionString: story.world.database.adminUrl.reveal() });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await story.world.close();
});

test('a write is not touched under an old fence, nor after its run has ended', async () => {
  const code = `update restore_writes set code = 'x' where restore_id = $1`;
  await expect(inFence(0, code)).rejects.toMatchObject({ code: 'TA001' });
  await expect(inFence(0, code, 'as if it ran')).resolves.toBeUndefined();
  await expect(inFence(-1, code, 'as if it ran')).rejects.toMatchObject({ code: 'TA001' });
});

test.each([
  ['what is verified is not planned again', `state = 'planned', proof = 'not_found'`],
  ['what is verified is not intended again', `state = 'intent', attempt = attempt + 1`],
  ['what is verified is not unknown', `state = 'unknown'`],
])('%s', async (_what, set) => {
  const move = `update restore_writes set ${set} where restore_id = $1`;
  await expect(inFence(0, move, 'as if it ran')).rejects.toMatchObject({ code: '23514' });
});

/**
 * One statement in a transaction that is rolled back, under the fence of the run and so much more.
 */
async function inFence(more: number, statement: string, when?: 'as if it ran'): Promise<void> {
  await admin.query('begin');
  try {
    if (when !== undefined) {
      await admin.query(
        `update runs set phase = 'running', outcome = null, ended_at = null,
          worker_id = gen_random_uuid()
        where id = (select execute_run_id from restores where id = $1)`,
        [restoreId],
      );
    }
    await admin.query(
      `select set_config('app.fence', (fence + $2)::text, true) from runs
      where id = (select execute_run_id from restores where id = $1)`,
      [restoreId, more],
    );
    await admin.query(statement, [restoreId]);
  } finally {
    await admin.query('rollback');
  }
}
