import { setTimeout as pause } from 'node:timers/promises';
import { createBackup } from '../src/backups/create-backup.ts';
import { backupIdOf } from '../src/backups/make-backup.ts';
import type { JsonValue } from '../src/kernel/canonical-json.ts';
import { AppError, type ErrorCode } from '../src/kernel/errors.ts';
import type { BackupId, RestoreId, RunId } from '../src/kernel/ids.ts';
import { undoRestore } from '../src/restores/derive-restore.ts';
import { executeRestore } from '../src/restores/execute-restore.ts';
import { planRestore } from '../src/restores/plan-restore.ts';
import { restoreOptionsSchema } from '../src/restores/restore-input.ts';
import { cancelRun } from '../src/runs/cancel-run.ts';
import type { GraphAccess, RunType } from '../src/runs/run-type.ts';
import { startRun } from '../src/runs/start-run.ts';
import type { BackupWorld, ConnectedTenant } from '../tests/setup/backup-world.ts';
import { RestoreVerbs } from '../tests/setup/restore-world.ts';
import type { SimulatorProcess } from '../tests/setup/simulator.ts';
import { addNamesake, changeByHand, changeLate, DRIFTED, makeTwins, TAMPERED } from './by-hand.ts';
import type { Chances } from './chances.ts';
import { findOpenItems } from './open-items.ts';
import { type Held, keyOf, type TenantView, viewTenant } from './tenant-view.ts';
import { readVersions } from './versions.ts';
import { WriteLog } from './write-log.ts';

/** Waits for the end of a run; how it is worked is the business of who plays. */
export type AwaitRun = (runId: RunId) => Promise<void>;

/** One restore that is carried out while everything goes wrong, and what it should come to. */
export interface Scene {
  readonly restoreId: RestoreId;
  readonly runId: RunId;
  /** Right before it began to write. */
  readonly before: TenantView;
  /** What an item should make of its object, by version. */
  readonly wanted: ReadonlyMap<string, Held>;
  /** The same for an item whose version is not among those, by the object that it changes. */
  readonly wantedById: TenantView;
  /** As it was backed up: what ids stood for that are gone. */
  readonly baseline: TenantView;
  /** Of the names that are restored, one by one while it runs: objects of somebody else. */
  readonly byHand: Set<string>;
  /** Changed by somebody else while it ran, as they are since then. */
  readonly drifted: Map<string, Held>;
  /** Deleted before; what is made anew may meet a namesake. */
  readonly deleted: readonly Held[];
}

/** As many as the product allows; no proof takes longer. */
const ARMED_HOURS = 24;
const PREVIEWS_MAX = 5;
const SOMEBODY = { kind: 'user', id: null, label: 'an owner' } as const;
const INTRUSION_WITHIN_MS = 1_500;

/** One tenant with a backup, on which restore after restore is played. */
export class Stage {
  readonly verbs: RestoreVerbs;
  readonly chances: Chances;
  readonly writes: WriteLog;
  readonly #simulator: SimulatorProcess;
  readonly #itemsMax: number;
  #backupId: BackupId | undefined;
  /** As it was backed up; each scene begins from here. */
  #baseline: TenantView = new Map();
  #versions: ReadonlyMap<string, Held> = new Map();

  constructor(world: BackupWorld, tenant: ConnectedTenant, chances: Chances, itemsMax: number) {
    this.#simulator = world.simulator;
    this.verbs = new RestoreVerbs(world, tenant);
    this.chances = chances;
    this.#itemsMax = itemsMax;
    this.writes = new WriteLog(world.simulator, tenant.entra.id);
  }

  get entraId(): string {
    return this.verbs.tenant.entra.id;
  }

  /** Adds a few oddities to the tenant, backs it up, and lets restores write to it. */
  async set(awaitRun: AwaitRun): Promise<void> {
    await this.verbs.armsWriting(ARMED_HOURS);
    await makeTwins(this.#simulator, this.entraId);
    const runId = await this.#starts(createBackup, { selection: { kind: 'all' } });
    await awaitRun(runId);
    this.#backupId = backupIdOf(runId);
    this.#baseline = await this.view();
    this.#versions = await readVersions(this.verbs, this.#baseline, this.#backupId);
  }

  view(): Promise<TenantView> {
    return viewTenant(this.#simulator, this.entraId);
  }

  /** Disturbs some of what was backed up, and begins to bring it back. */
  async beginRestore(awaitRun: AwaitRun): Promise<Scene | undefined> {
    const backupId = this.#backupId;
    if (backupId === undefined) throw new Error('the stage is not set');
    const chosen = this.#choose();
    const objects = chosen.map(([, held]) => held);
    const touched = await changeByHand(this.#simulator, this.entraId, this.chances, objects);
    const restoreId = await this.verbs.drafts({
      source: { kind: 'backup', backupId },
      selection: { versionIds: chosen.map(([versionId]) => versionId).sort() },
      options: restoreOptionsSchema.parse({ conditionalAccessState: 'asSaved' }),
    });
    const kept = new Set(touched.filter(({ how }) => how === 'kept').map(({ held }) => held));
    const choices = chosen
      .filter(([, held]) => kept.has(held))
      .map(([versionId]) => ({ versionId, choice: 'create', graphId: null }) as const);
    if (choices.length > 0) await this.verbs.edits(restoreId, { choices });
    const scene = await this.#begin(restoreId, awaitRun, () =>
      changeLate(this.#simulator, this.entraId, this.chances, touched),
    );
    const deleted = touched.filter(({ how }) => how === 'deleted').map(({ held }) => held);
    return scene && { ...scene, wanted: this.#versions, deleted };
  }

  /** Begins to take a restore back: deletes what it made, and undoes what it changed. */
  async beginUndo(first: Scene, awaitRun: AwaitRun): Promise<Scene | undefined> {
    const restoreId = await this.verbs
      .inTenant((tx) => undoRestore(tx, SOMEBODY, first.restoreId, { deleteCreated: true }))
      .catch(unlessCode('restore.nothing_to_undo', 'restore.not_executed'));
    if (restoreId === undefined) return undefined;
    const scene = await this.#begin(restoreId, awaitRun, async () => {});
    return scene && { ...scene, wantedById: first.before };
  }

  /**
   * While it runs, somebody sometimes makes an object of a name that is just being restored, not
   * like it; or has had enough, and cancels it.
   */
  async intrude({ deleted, byHand, runId }: Scene): Promise<void> {
    const isCancelled = this.chances.happens(0.02);
    if (!isCancelled && !this.chances.happens(0.05)) return;
    await pause(this.chances.number(INTRUSION_WITHIN_MS));
    if (isCancelled) {
      await this.verbs
        .inTenant((tx) => cancelRun(tx, runId, SOMEBODY))
        .catch(unlessCode('run.ended'));
      return;
    }
    const [held] = this.chances.some(deleted, 1);
    if (held === undefined || !('description' in held.object)) return;
    const other = { description: 'made by hand' };
    byHand.add(await addNamesake(this.#simulator, this.entraId, this.chances, held, other));
  }

  /**
   * The same just when it is not known whether an object was made: most often where it was, so that
   * the two must be told apart; where it was not, a person has to decide.
   */
  async intrudeUpon(scene: Scene, cutOff: readonly string[]): Promise<void> {
    const ledger = await this.verbs.ledger(scene.restoreId);
    const open = ledger.find(
      ({ is_create: isCreate, client_request_id: id }) => isCreate && cutOff.includes(id ?? ''),
    );
    const held = open && scene.wanted.get(open.version_id);
    if (held === undefined || !('description' in held.object)) return;
    if (!this.chances.happens(0.5)) return;
    const known = new Set(ledger.map(({ graph_id: id }) => id));
    const wasMade = [...(await this.view())].some(
      ([key, { collection, name, id }]) =>
        !(scene.before.has(key) || known.has(id) || scene.byHand.has(id)) &&
        collection === held.collection &&
        name === held.name,
    );
    if (!wasMade && !this.chances.happens(0.05)) return;
    const other = { description: 'made by hand' };
    scene.byHand.add(await addNamesake(this.#simulator, this.entraId, this.chances, held, other));
  }

  /**
   * Sometimes somebody changes an object that is to be written and is not yet, or one that was
   * written and not read back. No worker may be at it: between a look and a write nobody could
   * tell. `settled` waits for what a dead one has sent to be committed: that it read the object
   * back may be among it.
   */
  async interfere(scene: Scene, settled: () => Promise<void>): Promise<void> {
    if (!this.chances.happens(0.2)) return;
    const isBefore = this.chances.happens(0.6);
    await settled();
    const open = await findOpenItems(this.verbs, scene.restoreId, isBefore ? 'unbegun' : 'written');
    const [found = ''] = this.chances.some(open, 1);
    const held = (await this.view()).get(found);
    if (held === undefined || !('description' in held.object)) return;
    const { collection, id } = held;
    const description = isBefore ? DRIFTED : TAMPERED;
    await this.#simulator.editObject(this.entraId, collection, id, { description });
    const drifted = (await this.view()).get(found);
    if (isBefore && drifted !== undefined) scene.drifted.set(keyOf(collection, id), drifted);
  }

  /** Puts the tenant back as it was, by hand. */
  async reset(): Promise<void> {
    const now = await this.view();
    for (const [key, held] of now) {
      const wanted = this.#baseline.get(key);
      if (isSame(held, wanted)) continue;
      await this.#simulator.removeObject(this.entraId, held.collection, held.id);
    }
    for (const [key, { collection, id, object }] of this.#baseline) {
      if (isSame(now.get(key), this.#baseline.get(key))) continue;
      await this.#simulator.addObject(this.entraId, collection, id, object);
    }
  }

  /** Some versions, mostly with those of the same name and those that they refer to. */
  #choose(): (readonly [string, Held])[] {
    const all = [...this.#versions];
    const chosen = new Map(this.chances.some(all, 2 + this.chances.number(this.#itemsMax)));
    for (const held of [...chosen.values()]) {
      if (!this.chances.happens(0.6)) continue;
      const text = JSON.stringify(held.object);
      for (const [versionId, other] of all) {
        const isTwin = other.name === held.name && other.collection === held.collection;
        if (isTwin || isNamedIn(text, other)) chosen.set(versionId, other);
      }
    }
    return [...chosen];
  }

  /** Previews and confirms it, lets somebody interfere, and starts it. */
  async #begin(
    restoreId: RestoreId,
    awaitRun: AwaitRun,
    interfere: () => Promise<void>,
  ): Promise<Scene | undefined> {
    if (!(await this.#confirms(restoreId, awaitRun))) return undefined;
    await interfere();
    const before = await this.view();
    await this.writes.readNew();
    const runId = await this.#starts(executeRestore, { restoreId });
    const [wanted, wantedById] = [new Map(), new Map()];
    return {
      restoreId,
      runId,
      before,
      wanted,
      wantedById,
      baseline: this.#baseline,
      byHand: new Set(),
      drifted: new Map(),
      deleted: [],
    };
  }

  /**
   * Previews and confirms it. One that is given up, for its workers died too often, is made anew.
   * @returns whether there is anything to do
   */
  async #confirms(restoreId: RestoreId, awaitRun: AwaitRun): Promise<boolean> {
    for (let previews = 1; ; previews += 1) {
      await awaitRun(await this.#starts(planRestore, { restoreId }));
      try {
        await this.verbs.confirms(restoreId);
        return true;
      } catch (error) {
        const code = error instanceof AppError ? error.code : undefined;
        if (code === 'restore.nothing_to_do') return false;
        if (code !== 'restore.not_previewed' || previews === PREVIEWS_MAX) throw error;
      }
    }
  }

  async #starts<Input extends JsonValue, Access extends GraphAccess>(
    type: RunType<Input, Access>,
    input: Input,
  ): Promise<RunId> {
    const { owner } = this.verbs.tenant;
    const initiator = { kind: 'user', id: owner, label: 'an owner', userId: owner } as const;
    return (await this.verbs.inTenant((tx) => startRun(tx, type, input, initiator))).id;
  }
}

/** Numbers of scope tags mean something only in their list. */
function isNamedIn(text: string, { collection, id }: Held): boolean {
  if (collection !== 'roleScopeTags') return text.includes(id);
  return new RegExp(`"roleScopeTagIds":\\[[^\\]]*"${id}"`).test(text);
}

function isSame(one: Held | undefined, other: Held | undefined): boolean {
  return JSON.stringify(one?.object) === JSON.stringify(other?.object);
}

function unlessCode(...codes: readonly ErrorCode[]) {
  return (error: unknown): undefined => {
    if (!(error instanceof AppError) || !codes.includes(error.code)) throw error;
  };
}
