import { expect, test } from 'vitest';
import { judge, type MainFigures } from './figures.ts';
import { judgeRestore, type RestoreFigures } from './restore-figures.ts';

const GOOD: MainFigures = {
  startP50Ms: 3,
  startP95Ms: 25,
  startP99Ms: 9,
  startP95WithWorkerMs: 8,
  startP95UnderLoadMs: 100,
  startPerSecond: 50,
  rawInsertPerSecond: 100,
  startRoundTrips: 6,
  commitToStartP50Ms: 9,
  commitToStartP95Ms: 50,
  backupSeconds: 1.75,
  backupColdSeconds: 2,
  floorSeconds: 1,
  sequentialSeconds: 56,
  backupTightSeconds: 33,
  floorTightSeconds: 30,
  throttledInFirstSecond: 1,
  throttledAfterFirstSecond: 0,
  unchangedBackupSeconds: 1,
  unchangedBackupBodies: 0,
  workerRssMb: 180,
  workerRss10kMb: 250,
  itemsPerSecond: 270,
};

/** Each worse than its goal by a little. */
const WORSE: Partial<MainFigures> = {
  startP95Ms: 25.1,
  startP95UnderLoadMs: 101,
  startPerSecond: 49,
  startRoundTrips: 7,
  commitToStartP95Ms: 51,
  backupSeconds: 1.76,
  backupTightSeconds: 33.1,
  throttledAfterFirstSecond: 1,
  unchangedBackupBodies: 1,
  workerRss10kMb: 251,
};

test('figures that just reach their goals are met', () => {
  const goals = judge(GOOD).filter(({ isMet }) => isMet !== undefined);
  expect(goals).toHaveLength(Object.keys(WORSE).length);
  expect(goals.every(({ isMet }) => isMet)).toBe(true);
});

test.each(Object.entries(WORSE))('%s of %d is not met', (name, value) => {
  const missed = judge({ ...GOOD, [name]: value }).filter(({ isMet }) => isMet === false);
  expect(missed).toHaveLength(1);
});

const GOOD_RESTORE: RestoreFigures = {
  writeBudgetUse: 0.9,
  throttledSteady: 0,
  ratioToFloor: 1.2,
  seconds: 126,
  floorSeconds: 105,
  items: 300,
  writes: 600,
  graphCalls: 1_932,
  throttledInFirstSecond: 1,
  workerRssMb: 200,
};

test('of a restore the use of the budget and the 429s are judged', () => {
  const metOf = (more: Partial<RestoreFigures>) =>
    judgeRestore({ ...GOOD_RESTORE, ...more })
      .map(({ isMet }) => isMet)
      .filter((isMet) => isMet !== undefined);
  expect(metOf({})).toEqual([true, true]);
  expect(metOf({ writeBudgetUse: 0.899 })).toEqual([false, true]);
  expect(metOf({ throttledSteady: 1 })).toEqual([true, false]);
});
