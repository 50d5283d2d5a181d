import { parseArgs } from 'node:util';
import { createOutput } from '../src/cli/output.ts';
import { judge, type MainFigures } from './figures.ts';
import { measureBackups } from './measure-backups.ts';
import { measureStarts } from './measure-starts.ts';
import { type BenchWorld, openWorld } from './world.ts';

/** `npm run bench -- main [--json]`: the numbers of design section 10, measured and judged. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const output = createOutput();
const [name = 'main', ...rest] = positionals;
if (name !== 'main' || rest.length > 0) {
  output.note('usage: npm run bench -- main [--json]');
  process.exit(2);
}
const world = await openWorld();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void world.close().finally(() => process.exit(130)));
}
try {
  const figures = await measureMain(world);
  showFigures(figures);
  if (values.json) output.json(figures);
} catch (error) {
  output.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
} finally {
  await world.close();
}

async function measureMain(world: BenchWorld): Promise<MainFigures> {
  const beganAt = performance.now();
  const tell = (text: string) => {
    const seconds = Math.round((performance.now() - beganAt) / 1_000);
    output.note(`${String(seconds).padStart(4)} s  ${text}`);
  };
  tell('a simulator with 10,000 policies');
  const large = await world.startSimulator({ tenants: 1, policies: 10_000, limits: 'none' });
  const starts = await measureStarts(world, large, tell);
  await large.close();
  const backups = await measureBackups(world, tell);
  tell('done');
  return { ...starts, ...backups };
}

function showFigures(figures: MainFigures): void {
  const rows = judge(figures).map(({ what, measured, goal, isMet }) => {
    const verdict = isMet === undefined ? '' : isMet ? 'met' : 'NOT MET';
    return [what, measured, goal, verdict];
  });
  output.table(['what', 'measured', 'goal', ''], rows);
}
