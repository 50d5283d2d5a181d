import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TenantTx } from '../src/db/tenant-tx.ts';
import type { RestoreId, RunId } from '../src/kernel/ids.ts';
import { cancelRunForStory } from './setup/cancel.ts';
import { type RestoreVerbs, type RestoreWorld, setupRestores } from './setup/restore-world.ts';
import { idOf } from './setup/simulated-objects.ts';

/** What the database itself refuses to write into the ledger, whatever the code forgets. */
let story: RestoreWorld;
let acme: RestoreVerbs;
let restoreId: RestoreId;
let previewed: RestoreId;
let runId: RunId;
let versionIds: readonly string[];
let fence: number;

/** A restore is being carried out: the answer to its write never comes. */
beforeAll(async () => {
  story = await setupRestores();
  ({ acme } = story);
  const { entra, id: tenantId } = acme.tenant;
  const backup = await acme.backsUp();
  for (const name of ['Corporate iPads', 'Macs with Apple silicon']) {
    const filter = await idOf(acme, 'assignmentFilters', name);
    await story.simulator.removeObject(entra.id, 'assignmentFilters', filter);
  }
  await story.simulator.befall({
    match: { method: 'POST', path: 'assignmentFilters$' },
    times: 'always',
    fault: { kind: 'hang' },
  });
  const selection = { types: ['assignmentFilter' as const] };
  restoreId = await acme.previewsBackup(backup, { selection });
  previewed = await acme.previewsBackup(backup, { selection });
  await acme.confirms(restoreId);
  runId = await acme.starts(restoreId);
  const writes = await story.world.until(
    () => acme.ledger(restoreId),
    (rows) => rows.length === 2 && rows.every(({ state }) => state === 'intent'),
  );
  versionIds = writes.map((write) => write.version_id);
  ({ fence } = await story.world.run(tenantId, runId));
});
afterAll(async () => {
  await cancelRunForStory(story.world, acme.tenant.id, runId);
  await story.world.ended(acme.tenant.id, runId);
  await story.world.close();
});

/** Nothing of what a test writes stays. */
const UNDONE = new Error('undone');

/** The SQLSTATE that a statement is refused with; undefined: it would have been written. */
async function refusalOf(
  work: (tx: TenantTx) => Promise<unknown>,
  asFence: number | null = fence,
): Promise<string | undefined> {
  try {
    await acme.inTenant(async (tx) => {
      if (asFence !== null)
        await sql`select set_config('app.fence', ${String(asFence)}, true)`.execute(tx.db);
      await work(tx);
      throw UNDONE;
    });
  } catch (error) {
    if (error === UNDONE) return undefined;
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
  return undefined;
}

const FENCE_LOST = 'run.fence_lost';
const NO_SUCH_MOVE = '23514';
const TAKEN = '23505';
const NOT_GRANTED = '42501';

const adds = (
  tx: TenantTx,
  change: { step?: number; item?: number; runId?: string; state?: string } = {},
) =>
  sql`insert into restore_writes (tenant_id, restore_id, version_id, step, run_id, type, name,
      is_create, state)
    values (${tx.tenantId}, ${restoreId}, ${versionIds[change.item ?? 0]}, ${change.step ?? 7},
      ${change.runId ?? runId}, 'assignmentFilter', 'create', true, ${change.state ?? 'planned'})
  `.execute(tx.db);
const sets = (tx: TenantTx, change: string, step = 7, item = 0) =>
  sql`update restore_writes set ${sql.raw(change)} where restore_id = ${restoreId}
    and version_id = ${versionIds[item]} and step = ${step}`.execute(tx.db);
const INTENT =
  () => `state = 'intent', attempt = attempt + 1, intent_at = now(), existing_ids = '{}',
  client_request_id = '${randomUUID()}'`;

/** A write that goes through these states, one after the other. */
const goes =
  (...changes: readonly string[]) =>
  async (tx: TenantTx) => {
    await adds(tx);
    for (const change of changes) await sets(tx, change);
  };

test('the moves that there are', async () => {
  expect(
    await refusalOf(goes(INTENT(), `state = 'applied', graph_id = 'a'`, `state = 'verified'`)),
  ).toBeUndefined();
  expect(
    await refusalOf(goes(INTENT(), `state = 'planned', proof = 'refused'`, INTENT())),
  ).toBeUndefined();
  expect(await refusalOf(goes(INTENT(), `state = 'unknown'`, INTENT()))).toBeUndefined();
  expect(await refusalOf(goes(`state = 'failed'`))).toBeUndefined();
});

test.each<[string, (tx: TenantTx) => Promise<unknown>]>([
  ['that begins elsewhere than planned', (tx) => adds(tx, { state: 'applied' })],
  ['verified without having been sent', goes(`state = 'verified', graph_id = 'a'`)],
  ['verified without having been applied', goes(INTENT(), `state = 'verified', graph_id = 'a'`)],
  ['unknown without an intent', goes(`state = 'unknown'`)],
  ['an intent that is no new attempt', goes(`state = 'intent', existing_ids = '{}'`)],
  [
    'an intent with the id of the last one',
    goes(INTENT(), `state = 'planned', proof = 'refused'`, `state = 'intent', attempt = 2`),
  ],
  [
    'a create that does not know what was there',
    goes(`state = 'intent', attempt = 1, intent_at = now(), client_request_id = gen_random_uuid()`),
  ],
  ['planned again without a proof', goes(INTENT(), `state = 'planned'`)],
  [
    'planned again with a proof that nobody knows',
    goes(INTENT(), `state = 'planned', proof = 'hope'`),
  ],
  ['applied without an id', goes(INTENT(), `state = 'applied'`)],
  [
    'sent again after it was applied',
    goes(INTENT(), `state = 'applied', graph_id = 'a'`, INTENT()),
  ],
  [
    'planned again after it was applied',
    goes(INTENT(), `state = 'applied', graph_id = 'a'`, `state = 'planned', proof = 'refused'`),
  ],
  [
    'anything after it was verified',
    goes(INTENT(), `state = 'applied', graph_id = 'a'`, `state = 'verified'`, `state = 'failed'`),
  ],
  ['anything after it failed', goes(`state = 'failed'`, INTENT())],
])('no write %s', async (_, work) => {
  expect(await refusalOf(work)).toBe(NO_SUCH_MOVE);
});

test('no two intents of one client-request-id, wherever they are', async () => {
  const [first] = await acme.ledger(restoreId);
  const again = `state = 'intent', attempt = 1, intent_at = now(), existing_ids = '{}',
    client_request_id = '${first?.client_request_id}'`;
  expect(await refusalOf(goes(again))).toBe(TAKEN);
});

test('no object that is the work of two creates', async () => {
  const twice = async (tx: TenantTx) => {
    await goes(INTENT(), `state = 'applied', graph_id = 'a'`)(tx);
    await adds(tx, { item: 1 });
    await sets(tx, INTENT(), 7, 1);
    await sets(tx, `state = 'applied', graph_id = 'a'`, 7, 1);
  };
  expect(await refusalOf(twice)).toBe(TAKEN);
});

test('nothing without the fence, with an old one, or for a run that is not at work', async () => {
  for (const wrong of [null, fence - 1, fence + 1]) {
    expect(await refusalOf((tx) => adds(tx), wrong), `fence ${wrong}`).toBe(FENCE_LOST);
    expect(await refusalOf((tx) => sets(tx, `failures = 9`, 0), wrong)).toBe(FENCE_LOST);
  }
  const { rows } = await story.world.asAdmin(`select id, fence from runs where phase = 'ended'`);
  const [over] = rows;
  expect(await refusalOf((tx) => adds(tx, { runId: over.id }), over.fence)).toBe(FENCE_LOST);
  // What was begun is not handed to another run either.
  expect(await refusalOf((tx) => sets(tx, `run_id = '${over.id}'`, 0))).toBe(FENCE_LOST);
});

test('retention forgets the run and nothing else', async () => {
  expect(await refusalOf((tx) => sets(tx, `run_id = null`, 0), null)).toBeUndefined();
  const more = `run_id = null, failures = 9`;
  expect(await refusalOf((tx) => sets(tx, more, 0), null)).toBe(FENCE_LOST);
});

test('nothing is deleted', async () => {
  const remove = (tx: TenantTx) => sql`delete from restore_writes`.execute(tx.db);
  expect(await refusalOf(remove)).toBe(NOT_GRANTED);
});

test('no restore begins that nobody confirmed as it is', async () => {
  const begins =
    (...confirmation: readonly string[]) =>
    (tx: TenantTx) =>
      sql`update restores set ${sql.raw([BEGUN, ...confirmation].join(', '))}
        where id = ${previewed}`.execute(tx.db);
  const said = `confirmed_at = now(), confirmed_by = 'x', confirm_reason = 'x'`;
  expect(await refusalOf(begins(said, 'confirmed_fingerprint = fingerprint'))).toBeUndefined();
  const other = `confirmed_fingerprint = sha256('another')`;
  expect(await refusalOf(begins(said, other))).toBe(NO_SUCH_MOVE);
  expect(await refusalOf(begins())).toBe(NO_SUCH_MOVE);
});
const BEGUN = `state = 'executing', began_at = now()`;

test('no second run that writes to the tenant', async () => {
  const second = story.world.asAdmin(
    `insert into runs (tenant_id, id, type, target, input, input_hash, lane, initiator_kind,
       initiator_label)
     select tenant_id, gen_random_uuid(), 'another.type', target, input, input_hash, lane,
       initiator_kind, initiator_label
     from runs where id = $1`,
    [runId],
  );
  await expect(second).rejects.toMatchObject({ code: TAKEN });
});
