import { WRITE_POINTS } from '../../src/restores/writing/points.ts';
import { BackupWorld } from '../../tests/setup/backup-world.ts';
import type { TestDatabase } from '../../tests/setup/test-server.ts';
import { type Chances, chancesOf } from '../chances.ts';
import { standingFaults } from '../faults.ts';
import { judgeScene } from '../judge.ts';
import { type Scene, Stage } from '../stage.ts';
import { Tally } from '../tally.ts';
import { type Crashes, CrashingCrew, NO_CRASHES } from './crashing-crew.ts';
import { type Doom, heedPoints } from './life.ts';

export interface CrashOptions {
  readonly seed: number;
  readonly crashes: number;
  /** Restores at once, each in a tenant of its own: while one waits, others work. */
  readonly tenants: number;
  readonly openDatabase: () => Promise<TestDatabase>;
  tell(text: string): void;
}

const ITEMS_MAX = 4;
/** As the product is told; what is made shows up within less than half of it. */
const LATE_VISIBILITY_MS = 1_500;
const HIDDEN_MS = 300;

/** Restores whose workers crash, all in this process, until there were so many crashes. */
export async function crashInProcess(options: CrashOptions): Promise<Tally> {
  const { seed, tenants, openDatabase } = options;
  const tally = new Tally();
  const stopHeeding = heedPoints();
  const world = await BackupWorld.open(
    {
      tenants,
      limits: 'none',
      seed,
      graph: { limits: [], lateVisibilityMs: LATE_VISIBILITY_MS },
    },
    openDatabase,
  );
  try {
    const crew = new CrashingCrew(world);
    const stages = world.tenants.map(
      (tenant, strand) => new Stage(world, tenant, chancesOf(seed, strand), ITEMS_MAX),
    );
    await Promise.all(
      stages.map((stage) =>
        stage.set((runId) => crew.work(stage.verbs.tenant.id, runId, NO_CRASHES)),
      ),
    );
    options.tell('the stages are set');
    await world.simulator.befall(...standingFaults(HIDDEN_MS));
    await Promise.all(stages.map((stage) => playOn(stage, crew, tally, options)));
  } finally {
    stopHeeding();
    await world.close();
  }
  return tally;
}

/** Scene after scene in one tenant. */
async function playOn(
  stage: Stage,
  crew: CrashingCrew,
  tally: Tally,
  { crashes, tell }: CrashOptions,
): Promise<void> {
  const awaitRun = (runId: Scene['runId']) => crew.work(stage.verbs.tenant.id, runId, NO_CRASHES);
  const play = async (scene: Scene | undefined) => {
    if (scene !== undefined) await playScene(stage, scene, crew, tally, tell);
  };
  while (tally.crashes < crashes) {
    const scene = await stage.beginRestore(awaitRun);
    await play(scene);
    const isUndone = scene !== undefined && stage.chances.happens(0.25);
    if (isUndone) await play(await stage.beginUndo(scene, awaitRun));
    await stage.reset();
  }
}

async function playScene(
  stage: Stage,
  scene: Scene,
  crew: CrashingCrew,
  tally: Tally,
  tell: CrashOptions['tell'],
): Promise<void> {
  const cutOff = new Set<string>();
  const intruding = stage.intrude(scene);
  const crashes: Crashes = {
    ...doomsOf(stage.chances),
    surprised: (what) => tally.charge({ charge: 'wrong', what }),
    async crashed(moment, open, life) {
      tally.crashes += 1;
      if (tally.crashes % 500 === 0) tell(`${tally.crashes} crashes`);
      tally.diedAt(moment);
      for (const id of open) cutOff.add(id);
      if (open.length > 0) await stage.intrudeUpon(scene, open);
      await stage.interfere(scene, () => life.settled());
    },
  };
  const { verbs } = stage;
  await crew.work(verbs.tenant.id, scene.runId, crashes).catch((error: unknown) => {
    tally.charge({ charge: 'lost', what: `a run does not end: ${String(error)}` });
  });
  await intruding;
  const verdict = await judgeScene(verbs, scene, await stage.view(), await stage.writes.readNew());
  for (const { charge, what } of verdict.findings) tell(`${charge}: ${what} (${scene.restoreId})`);
  tally.add(verdict, cutOff);
}

/** More in one run would look like a run that kills its workers, which is given up after ten. */
const CRASHES_PER_RUN_MAX = 8;

/**
 * A few crashes, at named points and anywhere. They come closer together and farther apart by
 * turns: workers die for reasons of their own, and an item that had died three times alone would be
 * given up.
 */
function doomsOf(chances: Chances): Pick<Crashes, 'nextDoom'> {
  const count = 1 + chances.number(CRASHES_PER_RUN_MAX);
  let nth = 0;
  return {
    nextDoom(): Doom | undefined {
      nth += 1;
      if (nth > count) return undefined;
      const stopsRequest = chances.happens(0.5);
      if (nth % 3 === 0) return { moment: 'any', after: 60 + chances.number(30), stopsRequest };
      if (chances.happens(0.4))
        return { moment: 'any', after: 10 + chances.number(25), stopsRequest };
      return { moment: chances.pick(WRITE_POINTS), after: chances.number(4), stopsRequest };
    },
  };
}
