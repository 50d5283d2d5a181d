import { setTimeout as pause } from 'node:timers/promises';
import type { RunId } from '../../src/kernel/ids.ts';
import { WRITE_POINTS } from '../../src/restores/writing/points.ts';
import { BackupWorld } from '../../tests/setup/backup-world.ts';
import type { TestDatabase } from '../../tests/setup/test-server.ts';
import { LATE_VISIBILITY_MS } from '../../tests/setup/worker-settings.ts';
import { type Chances, chancesOf } from '../chances.ts';
import { standingFaults } from '../faults.ts';
import { judgeScene } from '../judge.ts';
import { type AwaitRun, type Scene, Stage } from '../stage.ts';
import { Tally } from '../tally.ts';
import { type Death, KillCrew } from './kill-crew.ts';
import type { Order } from './order.ts';

export interface KillOptions {
  readonly seed: number;
  readonly kills: number;
  /** Goes on until each named point has had its death. */
  readonly everyPoint: boolean;
  readonly openDatabase: () => Promise<TestDatabase>;
  tell(text: string): void;
}

const TENANTS = 4;
const WORKERS = 3;
const ITEMS_MAX = 8;
/** A run that takes longer never ends: on a loaded machine one may be taken over twenty times. */
const RUN_MAX_MS = 900_000;
const LOOK_EVERY_MS = 60;
const CRASHES_IN_A_ROW_MAX = 4;

/** Restores whose worker processes are killed, until there were so many kills. */
export async function killProcesses(options: KillOptions): Promise<Tally> {
  const world = await BackupWorld.open(
    { tenants: TENANTS, limits: 'none', seed: options.seed },
    options.openDatabase,
  );
  const play = new KillPlay(world, options);
  try {
    await play.play();
  } finally {
    await play.close();
    await world.close();
  }
  return play.tally;
}

class KillPlay {
  readonly tally = new Tally();
  readonly #world: BackupWorld;
  readonly #options: KillOptions;
  readonly #chances: Chances;
  readonly #crew: KillCrew;
  readonly #cutOff = new Map<string, Set<string>>();
  readonly #pointsLeft = new Set<string>();
  #isKilling = false;
  /** On a loaded machine workers may be killed faster than they get anything done. */
  #holdsFire = false;

  constructor(world: BackupWorld, options: KillOptions) {
    this.#world = world;
    this.#options = options;
    this.#chances = chancesOf(options.seed, -1);
    if (options.everyPoint) for (const point of WRITE_POINTS) this.#pointsLeft.add(point);
    this.#crew = new KillCrew(world, {
      size: WORKERS,
      nextOrder: () => this.#nextOrder(),
      onDeath: (death) => this.#onDeath(death),
    });
  }

  async play(): Promise<void> {
    const { seed, tell } = this.#options;
    const world = this.#world;
    const stages = world.tenants.map(
      (tenant, strand) => new Stage(world, tenant, chancesOf(seed, strand), ITEMS_MAX),
    );
    await Promise.all(stages.map((stage) => stage.set(this.#awaitRunOf(stage))));
    tell('the stages are set');
    await world.simulator.befall(...standingFaults(LATE_VISIBILITY_MS / 4));
    this.#isKilling = true;
    const killing = this.#killAtRandom();
    await Promise.all(stages.map((stage) => this.#playOn(stage)));
    this.#isKilling = false;
    await killing;
  }

  close(): Promise<void> {
    return this.#crew.close();
  }

  get #isDone(): boolean {
    return this.tally.kills >= this.#options.kills && this.#pointsLeft.size === 0;
  }

  /** Scene after scene in one tenant. */
  async #playOn(stage: Stage): Promise<void> {
    const awaitRun = this.#awaitRunOf(stage);
    while (!this.#isDone) {
      const scene = await stage.beginRestore(awaitRun);
      if (scene !== undefined) await this.#playScene(stage, scene);
      if (scene !== undefined && stage.chances.happens(0.25)) {
        const undo = await stage.beginUndo(scene, awaitRun);
        if (undo !== undefined) await this.#playScene(stage, undo);
      }
      await stage.reset();
    }
  }

  async #playScene(stage: Stage, scene: Scene): Promise<void> {
    const cutOff = new Set<string>();
    this.#cutOff.set(scene.runId, cutOff);
    const { tally } = this;
    const intruding = stage.intrude(scene);
    await this.#awaitRunOf(stage)(scene.runId).catch((error: unknown) => {
      tally.charge({ charge: 'lost', what: `a run does not end: ${String(error)}` });
      this.#options.tell(`lost: the run ${scene.runId} does not end`);
    });
    await intruding;
    const after = await stage.view();
    const verdict = await judgeScene(stage.verbs, scene, after, await stage.writes.readNew());
    for (const { charge, what } of verdict.findings) this.#options.tell(`${charge}: ${what}`);
    tally.add(verdict, cutOff);
    this.#cutOff.delete(scene.runId);
  }

  #awaitRunOf({ verbs }: Stage): AwaitRun {
    return async (runId: RunId) => {
      const limit = AbortSignal.timeout(RUN_MAX_MS);
      for (;;) {
        const { phase } = await this.#world.run(verbs.tenant.id, runId);
        if (phase === 'ended') return;
        limit.throwIfAborted();
        await pause(LOOK_EVERY_MS);
      }
    };
  }

  /** Points that are still to have their death come first; else any, or none. */
  #nextOrder(): Order | undefined {
    const chances = this.#chances;
    if (!this.#isKilling || this.#isDone || this.#holdsFire) return undefined;
    const left = WRITE_POINTS.filter((point) => this.#pointsLeft.has(point));
    if (left.length === 0 && chances.happens(0.4)) return undefined;
    const point = chances.pick(left.length > 0 ? left : WRITE_POINTS);
    const delayMs = chances.happens(0.3) ? 1 + chances.number(30) : 0;
    return { point, after: chances.number(left.length > 0 ? 2 : 6), delayMs };
  }

  async #killAtRandom(): Promise<void> {
    while (this.#isKilling) {
      await pause(200 + this.#chances.number(1_500));
      this.#holdsFire = await this.#isAnyRunExhausted();
      const isOver = !this.#isKilling || this.#isDone || this.#holdsFire;
      if (!isOver) this.#crew.kill(this.#chances.number(WORKERS));
    }
  }

  /** A run whose workers die ten times without an item settled is given up, and rightly so. */
  async #isAnyRunExhausted(): Promise<boolean> {
    const { rows } = await this.#world.asAdmin(
      `select 1 from runs where phase <> 'ended' and crashes >= $1 limit 1`,
      [CRASHES_IN_A_ROW_MAX],
    );
    return rows.length > 0;
  }

  #onDeath({ point, wasDeclaredDead, heldRuns, cutOff }: Death): void {
    const { tally } = this;
    if (wasDeclaredDead) {
      tally.diedAt('declared dead');
      return;
    }
    for (const { runId, clientRequestId } of cutOff) {
      this.#cutOff.get(runId)?.add(clientRequestId);
    }
    if (heldRuns.length === 0) return;
    tally.kills += 1;
    tally.diedAt(point ?? 'at random');
    if (point !== undefined) this.#pointsLeft.delete(point);
    if (tally.kills % 50 === 0) this.#options.tell(`${tally.kills} kills`);
  }
}
