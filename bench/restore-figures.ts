import { atLeast, atMost, figure, type Verdict } from './verdicts.ts';

/** What `bench restore` measures; the first three names are those of the issue. */
export interface RestoreFigures {
  readonly writeBudgetUse: number;
  readonly throttledSteady: number;
  readonly ratioToFloor: number;
  readonly seconds: number;
  readonly floorSeconds: number;
  readonly items: number;
  readonly writes: number;
  readonly graphCalls: number;
  readonly throttledInFirstSecond: number;
  readonly workerRssMb: number;
}

/** The goals of design section 7, applied. */
export function judgeRestore(figures: RestoreFigures): Verdict[] {
  const f = figures;
  return [
    figure('items restored', f.items, ''),
    figure('writes sent', f.writes, ''),
    atLeast('writes sent : allowed, steady', f.writeBudgetUse, 0.9, ''),
    figure('429 in the first second', f.throttledInFirstSecond, ''),
    atMost('429 after the first second', f.throttledSteady, 0, ''),
    figure('restore, start to end', f.seconds, 's'),
    figure('floor: bare calls of the restore', f.floorSeconds, 's'),
    figure('restore : floor', f.ratioToFloor, ''),
    figure('Graph calls, reads included', f.graphCalls, ''),
    figure('worker, peak memory', f.workerRssMb, 'MB'),
  ];
}
