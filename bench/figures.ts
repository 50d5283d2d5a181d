import { atLeast, atMost, figure, type Verdict } from './verdicts.ts';

/** What `bench main` measures; the names are those of the issue. */
export interface MainFigures {
  readonly startP50Ms: number;
  readonly startP95Ms: number;
  readonly startP99Ms: number;
  readonly startP95WithWorkerMs: number;
  readonly startP95UnderLoadMs: number;
  readonly startPerSecond: number;
  readonly rawInsertPerSecond: number;
  readonly startRoundTrips: number;
  readonly commitToStartP50Ms: number;
  readonly commitToStartP95Ms: number;
  readonly backupSeconds: number;
  readonly backupColdSeconds: number;
  readonly floorSeconds: number;
  readonly sequentialSeconds: number;
  readonly backupTightSeconds: number;
  readonly floorTightSeconds: number;
  readonly throttledInFirstSecond: number;
  readonly throttledAfterFirstSecond: number;
  readonly unchangedBackupSeconds: number;
  readonly unchangedBackupBodies: number;
  readonly workerRssMb: number;
  readonly workerRss10kMb: number;
  readonly itemsPerSecond: number;
}

/** The goals of design section 10, applied. */
export function judge(figures: MainFigures): Verdict[] {
  const f = figures;
  const backupMax = 1.25 * f.floorSeconds + 0.5;
  const tightMax = 1.1 * f.floorTightSeconds;
  const rawShare = f.startPerSecond / f.rawInsertPerSecond;
  return [
    atMost('start over HTTP, idle, p95', f.startP95Ms, 25, 'ms'),
    figure('start over HTTP, idle, p50', f.startP50Ms, 'ms'),
    figure('start over HTTP, idle, p99', f.startP99Ms, 'ms'),
    figure('the same while a worker works the captures, p95', f.startP95WithWorkerMs, 'ms'),
    atMost('the same while a backup runs, p95', f.startP95UnderLoadMs, 100, 'ms'),
    figure('starts per second, one connection', f.startPerSecond, '/s'),
    figure('raw insert + add_job per second', f.rawInsertPerSecond, '/s'),
    atLeast('starts : raw', rawShare, 0.5, ''),
    atMost('round trips besides BEGIN and COMMIT', f.startRoundTrips, 6, ''),
    figure('commit to perform, p50', f.commitToStartP50Ms, 'ms'),
    atMost('commit to perform, p95', f.commitToStartP95Ms, 50, 'ms'),
    figure('floor: bare calls of the backup', f.floorSeconds, 's'),
    atMost('backup of 300 policies, 80 ms', f.backupSeconds, backupMax, 's'),
    figure('the first backup of a new worker process', f.backupColdSeconds, 's'),
    figure('a sequential client', f.sequentialSeconds, 's'),
    figure('floor under tight limits', f.floorTightSeconds, 's'),
    atMost('backup under tight limits', f.backupTightSeconds, tightMax, 's'),
    figure('429 in the first second', f.throttledInFirstSecond, ''),
    atMost('429 after the first second', f.throttledAfterFirstSecond, 0, ''),
    figure('unchanged backup', f.unchangedBackupSeconds, 's'),
    atMost('bodies stored by an unchanged backup', f.unchangedBackupBodies, 0, ''),
    figure('worker, peak memory, 300 policies', f.workerRssMb, 'MB'),
    atMost('worker, peak memory, 10,000 policies', f.workerRss10kMb, 250, 'MB'),
    figure('items per second, 10,000 policies', f.itemsPerSecond, '/s'),
  ];
}
