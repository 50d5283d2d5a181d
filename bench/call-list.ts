import { z } from 'zod';
import type { SimulatorProcess } from '../tests/setup/simulator.ts';

/** What a backup asked of Graph, as far as it does not follow from an answer. */
export interface CallList {
  /** First pages of collections. */
  readonly lists: readonly string[];
  /** By collection and id: what is asked about one policy. Next pages are not among it. */
  readonly byPolicy: ReadonlyMap<string, readonly string[]>;
  /** Names of groups are looked up when all else is there. */
  readonly lookups: readonly string[];
}

const entriesSchema = z.object({
  dropped: z.literal(0),
  entries: z.array(
    z.object({
      time: z.iso.datetime(),
      method: z.string(),
      path: z.string(),
      status: z.number(),
      bucket: z.string().nullable(),
      throttled: z.boolean(),
    }),
  ),
});
export type LoggedEntry = z.infer<typeof entriesSchema>['entries'][number];

/** Every call since the log was cleared, sign-ins and whole batches excepted. */
export async function readCalls(simulator: SimulatorProcess): Promise<LoggedEntry[]> {
  const { entries } = entriesSchema.parse(await simulator.page('log'));
  return entries.filter(({ bucket }) => bucket !== 'batch' && bucket !== 'signIn');
}

/** How many calls were refused in the second that began with the first of all, and later. */
export function countRefusals(calls: readonly LoggedEntry[]): { first: number; later: number } {
  const [first] = calls;
  if (first === undefined) throw new Error('nothing was called');
  const laterFromMs = Date.parse(first.time) + 1_000;
  const refused = calls.filter(({ throttled }) => throttled);
  const later = refused.filter(({ time }) => Date.parse(time) >= laterFromMs).length;
  return { first: refused.length - later, later };
}

/** The calls of a backup without repetitions, in the form that a replay can follow. */
export function callListOf(calls: readonly LoggedEntry[]): CallList {
  const done = calls.filter(({ status }) => status === 200);
  const gets = done.filter(({ method, path }) => method === 'GET' && !path.includes('skiptoken'));
  const paths = [...new Set(gets.map(({ path }) => path))];
  const lists = paths.filter((path) => !ID.test(path));
  const byPolicy = Map.groupBy(
    paths.filter((path) => ID.test(path)),
    (path) => ID.exec(path)?.[0].toLowerCase() ?? '',
  );
  const lookups = done.filter(({ method }) => method === 'POST').map(({ path }) => path);
  return { lists, byPolicy, lookups: [...new Set(lookups)] };
}

/** Collection and id, below the version. */
const ID = /^\/beta\/(deviceManagement\/\w+|identity\/conditionalAccess\/\w+)\/[^/?]+/;

/** The key under which a listed policy's calls are kept. */
export function keyOfPolicy(listPath: string, id: string): string {
  const [collection] = listPath.split('?');
  return `${collection}/${encodeURIComponent(id)}`.toLowerCase();
}
