import { z } from 'zod';
import { type CallList, keyOfPolicy } from './call-list.ts';

/** Sends one request when it may and gives its body. */
export interface Sender {
  get(path: string): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
}

export interface Replayed {
  readonly seconds: number;
  readonly calls: number;
}

const pageSchema = z.looseObject({ value: z.array(z.looseObject({ id: z.string() })) });

/**
 * Asks Graph for what a backup needs and stores nothing: a page of a list, then the next page and
 * what is asked about each policy of this one, each to its last page, then the names of groups.
 * Nothing waits for what it does not depend on; what really goes at once is the sender's choice.
 */
export async function replay(list: CallList, sender: Sender): Promise<Replayed> {
  let calls = 0;
  const groups = new Set<string>();
  const get = async (path: string) => {
    calls += 1;
    return sender.get(path);
  };
  const readPolicy = async (path: string): Promise<void> => {
    const body = await get(path);
    for (const id of groupsIn(body)) groups.add(id);
    await Promise.all(nextLinksIn(body).map(readPolicy));
  };
  const readList = async (path: string): Promise<void> => {
    const body = pageSchema.parse(await get(path));
    const next = nextLinksIn(body).map(readList);
    const keys = body.value.map(({ id }) => keyOfPolicy(path, id));
    const ofPolicies = keys.flatMap((key) => list.byPolicy.get(key) ?? []).map(readPolicy);
    await Promise.all([...next, ...ofPolicies]);
  };
  const beganAt = performance.now();
  await Promise.all(list.lists.map(readList));
  for (const path of list.lookups) {
    calls += 1;
    await sender.post(path, { ids: [...groups].slice(0, 1_000), types: ['group'] });
  }
  return { seconds: (performance.now() - beganAt) / 1_000, calls };
}

/** Its own and those of expanded parts, as paths. */
export function nextLinksIn(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body)
    .filter(([name]) => name.endsWith('@odata.nextLink'))
    .map(([, link]) => String(link).replace(/^https?:\/\/[^/]+/, ''));
}

const assignmentsSchema = z.looseObject({
  value: z.array(z.looseObject({ target: z.looseObject({ groupId: z.string().optional() }) })),
});

function groupsIn(body: unknown): string[] {
  const parsed = assignmentsSchema.safeParse(body);
  return parsed.success ? parsed.data.value.flatMap(({ target }) => target.groupId ?? []) : [];
}
