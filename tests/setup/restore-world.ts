import { createBackup } from '../../src/backups/create-backup.ts';
import { backupIdOf } from '../../src/backups/make-backup.ts';
import { inTenant, type TenantTx } from '../../src/db/tenant-tx.ts';
import type { BackupId, RestoreId, RunId, UserId } from '../../src/kernel/ids.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { Worker } from '../../src/queue/worker.ts';
import { type Confirmation, confirmRestore } from '../../src/restores/confirm-restore.ts';
import { createRestore, type NewRestore } from '../../src/restores/create-restore.ts';
import { editRestore, type RestoreEdit } from '../../src/restores/edit-restore.ts';
import { executeRestore } from '../../src/restores/execute-restore.ts';
import { requireRestore } from '../../src/restores/find-restore.ts';
import { planRestore } from '../../src/restores/plan-restore.ts';
import { isPlanFresh } from '../../src/restores/planning/fingerprint.ts';
import { restoreOptionsSchema } from '../../src/restores/restore-input.ts';
import { enterSecrets } from '../../src/restores/secrets/enter-secrets.ts';
import { BackupWorld, type ConnectedTenant } from './backup-world.ts';
import type { LoggedCall, SimulatorProcess } from './simulator.ts';
import { CALM } from './worker-settings.ts';

const ACTOR = { kind: 'user', id: null, label: 'a person' } as const;
const REASON = 'as the story says';

/** A simulated world with a worker, and the verbs of a story about restores. */
export interface RestoreWorld {
  readonly world: BackupWorld;
  readonly simulator: SimulatorProcess;
  /** It can be stopped, for others to work. */
  readonly worker: Worker;
  /** Every tenant of the simulator. */
  readonly tenants: readonly RestoreVerbs[];
  readonly acme: RestoreVerbs;
}

export async function setupRestores(
  options: Parameters<typeof BackupWorld.open>[0] = { tenants: 1 },
): Promise<RestoreWorld> {
  // Nobody waits a second for each call about Conditional Access.
  const graph = { limits: [], ...options?.graph };
  const world = await BackupWorld.open({ limits: 'none', ...options, graph });
  const worker = await world.worker(CALM);
  const tenants = world.tenants.map((tenant) => new RestoreVerbs(world, tenant));
  const [acme] = tenants;
  if (acme === undefined) throw new Error('the simulator has no tenant');
  return { world, simulator: world.simulator, worker, tenants, acme };
}

/** What a story does in one tenant. */
export class RestoreVerbs {
  readonly world: BackupWorld;
  readonly tenant: ConnectedTenant;

  constructor(world: BackupWorld, tenant: ConnectedTenant) {
    this.world = world;
    this.tenant = tenant;
  }

  inTenant<T>(work: (tx: TenantTx) => Promise<T>): Promise<T> {
    return inTenant(this.world.db, this.tenant.id, work);
  }

  armsWriting(hours?: number): Promise<void> {
    return this.world.armsWriting(this.tenant, hours);
  }

  /** Lets the worker verify the connection, and what may write with it. */
  verifies() {
    return this.world.verifies(this.tenant);
  }

  async backsUp(): Promise<BackupId> {
    const run = await this.world.runs(this.tenant, createBackup, { selection: { kind: 'all' } });
    return backupIdOf(run.id);
  }

  async drafts(restore: Partial<NewRestore> & Pick<NewRestore, 'source'>): Promise<RestoreId> {
    const rest = { name: 'a story', selection: {}, mapping: {} };
    const options = restoreOptionsSchema.parse({});
    return this.inTenant((tx) => createRestore(tx, ACTOR, { ...rest, options, ...restore }));
  }

  edits(id: RestoreId, edit: RestoreEdit): Promise<void> {
    return this.inTenant((tx) => editRestore(tx, ACTOR, id, edit));
  }

  /** Enters a value for a hidden place of the item of this version. */
  async enters(id: RestoreId, versionId: string, place: string, value: string): Promise<void> {
    const key = await this.world.readKey();
    const entries = [{ versionId, place, value: new Secret(value) }];
    await this.inTenant((tx) => enterSecrets(tx, key, ACTOR, id, entries));
  }

  /** Previews it and gives the run. */
  async previews(id: RestoreId) {
    return this.world.runs(this.tenant, planRestore, { restoreId: id });
  }

  /** Confirms the preview that there is, as the owner. */
  async confirms(id: RestoreId, more: Partial<Confirmation> = {}): Promise<void> {
    const { fingerprint } = await this.restore(id);
    const { owner, entra } = this.tenant;
    const actor = { kind: 'user', id: owner, label: 'an owner', userId: owner } as const;
    await this.inTenant((tx) =>
      confirmRestore(tx, actor, id, {
        fingerprint: fingerprint?.toString('hex') ?? '',
        tenantName: entra.name,
        reason: REASON,
        ...more,
      }),
    );
  }

  /** Arms writing and starts one that is confirmed. */
  async starts(id: RestoreId, by: UserId = this.tenant.owner): Promise<RunId> {
    await this.armsWriting();
    const run = await this.world.starts(this.tenant.id, by, executeRestore, { restoreId: id });
    return run.id;
  }

  /** Confirms it, carries it out and gives the run. */
  async executes(id: RestoreId, withinMs = 60_000) {
    await this.confirms(id);
    return this.world.ended(this.tenant.id, await this.starts(id), withinMs);
  }

  /** The ledger of a restore. */
  ledger(id: RestoreId) {
    return this.inTenant((tx) =>
      tx.db
        .selectFrom('restore_writes')
        .selectAll()
        .where('restore_id', '=', id)
        .orderBy('version_id')
        .orderBy('step')
        .execute(),
    );
  }

  /** Audit entries of a restore, oldest first. */
  audit(id: RestoreId) {
    return this.inTenant((tx) =>
      tx.db
        .selectFrom('audit_entries')
        .selectAll()
        .where('subject_id', '=', id)
        .orderBy('id')
        .execute(),
    );
  }

  restore(id: RestoreId) {
    return this.inTenant((tx) => requireRestore(tx, id));
  }

  isFresh(id: RestoreId): Promise<boolean> {
    return this.inTenant((tx) => isPlanFresh(tx, id));
  }

  /** The items in the order of writing. */
  items(id: RestoreId) {
    return this.inTenant((tx) =>
      tx.db
        .selectFrom('restore_items')
        .selectAll()
        .where('restore_id', '=', id)
        .orderBy('position')
        .execute(),
    );
  }

  /** The only item of this name. */
  async item(id: RestoreId, name: string) {
    const items = (await this.items(id)).filter((item) => item.name === name);
    const [item] = items;
    if (item === undefined || items.length > 1) throw new Error(`${items.length} of ${name}`);
    return item;
  }

  /** The versions of these names that a backup holds. */
  async versionsIn(backupId: BackupId, names: readonly string[]): Promise<string[]> {
    const rows = await this.inTenant((tx) =>
      tx.db
        .selectFrom('backup_items as i')
        .innerJoin('policy_versions as v', 'v.id', 'i.version_id')
        .select('v.id')
        .where('i.backup_id', '=', backupId)
        .where('v.name', 'in', names)
        .execute(),
    );
    return rows.map(({ id }) => id);
  }

  /** The requests that an item would send. */
  async steps(id: RestoreId, name: string) {
    const { steps } = await this.item(id, name);
    return steps === null ? [] : JSON.parse(steps.toString('utf8'));
  }

  /** A draft of the whole backup, previewed. */
  async previewsBackup(backupId: BackupId, restore: Partial<NewRestore> = {}): Promise<RestoreId> {
    const id = await this.drafts({ source: { kind: 'backup', backupId }, ...restore });
    await this.previews(id);
    return id;
  }

  async writes(): Promise<number> {
    return (await this.world.simulator.stats(this.tenant.entra.id)).writes;
  }

  /** What was sent to change this tenant, in the order of its arrival. */
  async sent(): Promise<readonly LoggedCall[]> {
    const calls = await this.world.simulator.log(this.tenant.entra.id);
    return calls.filter(
      ({ method, path }) => method !== 'GET' && !/(oauth2|\$batch|getByIds)/.test(path),
    );
  }
}
