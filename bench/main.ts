import { parseArgs } from 'node:util';
import { createOutput } from '../src/cli/output.ts';
import { judge } from './figures.ts';
import { measureMain } from './measure-main.ts';
import { measureRestore } from './measure-restore.ts';
import { judgeRestore } from './restore-figures.ts';
import type { Verdict } from './verdicts.ts';
import { type BenchWorld, openWorld } from './world.ts';

/** What one benchmark found: for programs, and judged for people. */
interface Measured {
  readonly figures: object;
  readonly verdicts: readonly Verdict[];
}

type Bench = (world: BenchWorld, tell: (text: string) => void) => Promise<Measured>;

const BENCHES: ReadonlyMap<string, Bench> = new Map<string, Bench>([
  [
    'main',
    async (world, tell) => {
      const figures = await measureMain(world, tell);
      return { figures, verdicts: judge(figures) };
    },
  ],
  [
    'restore',
    async (world, tell) => {
      const figures = await measureRestore(world, tell);
      return { figures, verdicts: judgeRestore(figures) };
    },
  ],
]);

/** `npm run bench -- main|restore [--json]`: the numbers of the design, measured and judged. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const output = createOutput();
const [name = 'main', ...rest] = positionals;
const bench = BENCHES.get(name);
if (bench === undefined || rest.length > 0) {
  output.note(`usage: npm run bench -- ${[...BENCHES.keys()].join('|')} [--json]`);
  process.exit(2);
}
const world = await openWorld();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void world.close().finally(() => process.exit(130)));
}
try {
  const { figures, verdicts } = await bench(world, tellSince(performance.now()));
  showVerdicts(verdicts);
  if (values.json) output.json(figures);
} catch (error) {
  output.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
} finally {
  await world.close();
}

function tellSince(beganAt: number): (text: string) => void {
  return (text) => {
    const seconds = Math.round((performance.now() - beganAt) / 1_000);
    output.note(`${String(seconds).padStart(4)} s  ${text}`);
  };
}

function showVerdicts(verdicts: readonly Verdict[]): void {
  const rows = verdicts.map(({ what, measured, goal, isMet }) => {
    const verdict = isMet === undefined ? '' : isMet ? 'met' : 'NOT MET';
    return [what, measured, goal, verdict];
  });
  output.table(['what', 'measured', 'goal', ''], rows);
}
