import { subscribe } from 'node:diagnostics_channel';
import { WRITE_POINTS_CHANNEL } from '../../src/restores/writing/points.ts';

/** A worker of restores that is killed when its work comes to a point for the nth time. */
const point = process.env['STORY_DIES_AT'] ?? '';
let left = Number(process.env['STORY_DIES_AT_TIME'] ?? '1');
subscribe(WRITE_POINTS_CHANNEL, (reached) => {
  if (reached !== point) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
});
await import('./backup-worker.ts');
