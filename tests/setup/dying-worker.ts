import { subscribe } from 'node:diagnostics_channel';
import { WRITE_POINTS_CHANNEL } from '../../src/restores/writing/points.ts';

/** A worker of restores that is killed, or stands still, when its work comes to a point. */
const point = process.env['STORY_DIES_AT'] ?? '';
const signal = process.env['STORY_DIES_BY'] ?? 'SIGKILL';
let isDue = true;
subscribe(WRITE_POINTS_CHANNEL, (reached) => {
  if (reached !== point || !isDue) return;
  isDue = false;
  process.kill(process.pid, signal);
});
await import('./backup-worker.ts');
