import { z } from 'zod';
import type { LoggedEntry } from './call-list.ts';
import type { BenchWorld } from './world.ts';

/** The requests of one item, in their order; `{id}` is what the first one's answer tells. */
export type ItemWrites = readonly { readonly path: string; readonly body: object }[];

/** The least that a restore has to ask of Graph, as far as it does not follow from an answer. */
export interface RestoreCalls {
  /** First pages of collections: what is there already. */
  readonly lists: readonly string[];
  readonly items: readonly ItemWrites[];
  /** What is read of an object that was written; `{id}` stands for it. */
  readonly readBack: readonly string[];
}

const stepsSchema = z.array(
  z.object({ method: z.literal('POST'), path: z.string(), body: z.looseObject({}) }),
);

/** What the preview says is to be sent: POSTs only, for everything is made anew. */
export async function readWrites(world: BenchWorld, restoreId: string): Promise<ItemWrites[]> {
  const { rows } = await world.admin.query<{ steps: Buffer }>(
    `select steps from restore_items where restore_id = $1 and action = 'create' order by position`,
    [restoreId],
  );
  return rows.map(({ steps }) =>
    stepsSchema
      .parse(JSON.parse(steps.toString('utf8')))
      .map(({ path, body }) => ({ path: `/beta${path}`, body })),
  );
}

/** The calls of a restore without repetitions, in the form that a replay can follow. */
export function restoreCallsOf(
  calls: readonly LoggedEntry[],
  items: readonly ItemWrites[],
): RestoreCalls {
  const paths = calls
    .filter(({ method, status }) => method === 'GET' && status === 200)
    .map(({ path }) => path)
    .filter((path) => !path.includes('skiptoken'));
  const collections = new Set(items.flatMap(([create]) => create?.path ?? []));
  const unnamed = paths.map((path) => {
    const collection = [...collections].find((each) => path.startsWith(`${each}/`));
    if (collection === undefined) return path;
    return `${collection}/{id}${path.slice(collection.length + 1).replace(/^[^/?]+/, '')}`;
  });
  const distinct = [...new Set(unnamed)];
  return {
    lists: distinct.filter((path) => !path.includes('{id}')),
    items,
    readBack: distinct.filter((path) => path.includes('{id}')),
  };
}
