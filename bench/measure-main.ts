import type { MainFigures } from './figures.ts';
import { measureBackups } from './measure-backups.ts';
import { measureStarts } from './measure-starts.ts';
import type { BenchWorld } from './world.ts';

/** The numbers of design section 10: starts, then backups. */
export async function measureMain(
  world: BenchWorld,
  tell: (text: string) => void,
): Promise<MainFigures> {
  tell('a simulator with 10,000 policies');
  const large = await world.startSimulator({ tenants: 1, policies: 10_000, limits: 'none' });
  const starts = await measureStarts(world, large, tell);
  await large.close();
  const backups = await measureBackups(world, tell);
  return { ...starts, ...backups };
}
