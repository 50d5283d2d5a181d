import { parseArgs } from 'node:util';
import { createOutput } from '../src/cli/output.ts';
import { crashInProcess } from './in-process/crash-in-process.ts';
import { openDatabase } from './open-database.ts';
import { killProcesses } from './processes/kill-processes.ts';
import { showTally } from './show-tally.ts';
import type { Tally } from './tally.ts';

/**
 * `npm run chaos -- restore --kills N [--points] [--crashes N] [--seed S] [--json]`: restores while
 * workers die and Graph misbehaves, judged by what the simulated tenants hold in the end.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '0' },
    crashes: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    points: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const TENANTS = 30;
const output = createOutput();
const [kills, crashes, seed] = [values.kills, values.crashes, values.seed].map(Number);
if (
  positionals.join() !== 'restore' ||
  !isCount(kills) ||
  !isCount(crashes) ||
  !isCount(seed) ||
  (kills + crashes === 0 && !values.points)
) {
  output.note(
    'usage: npm run chaos -- restore [--kills N] [--points] [--crashes N] [--seed S] [--json]',
  );
  process.exit(2);
}
const beganAt = performance.now();
const tell = (text: string) => {
  const seconds = Math.round((performance.now() - beganAt) / 1_000);
  output.note(`${String(seconds).padStart(5)} s  ${text}`);
};
tell(`seed ${seed}`);
if (kills > 0 || values.points) {
  const everyPoint = values.points;
  report('processes killed', await killProcesses({ seed, kills, everyPoint, openDatabase, tell }));
}
if (crashes > 0) {
  report(
    'crashes in process',
    await crashInProcess({ seed, crashes, tenants: TENANTS, openDatabase, tell }),
  );
}
// Dead workers of this process wait for ever for what never comes.
process.exit();

function report(title: string, tally: Tally): void {
  showTally(output, title, tally);
  if (values.json) output.json(tally.figures());
  if (!tally.isClean) process.exitCode = 1;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0;
}
