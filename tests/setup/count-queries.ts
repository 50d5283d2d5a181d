import pg from 'pg';
import { vi } from 'vitest';

export interface SentQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Every statement that `work` sends to the database from this process, in order. */
export async function recordQueries(work: () => Promise<unknown>): Promise<SentQuery[]> {
  const sent: SentQuery[] = [];
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    for (const [query, values] of spy.mock.calls) sent.push(describeQuery(query, values));
  } finally {
    spy.mockRestore();
  }
  return sent;
}

function describeQuery(query: unknown, values: unknown): SentQuery {
  const isConfig = typeof query === 'object' && query !== null && 'text' in query;
  const text = isConfig ? String(query.text) : String(query);
  const inConfig = isConfig && 'values' in query ? query.values : values;
  return { text, values: Array.isArray(inConfig) ? inConfig : [] };
}

/** Those that cost a round trip of their own: all but the ends of transactions. */
export function roundTrips(queries: readonly SentQuery[]): SentQuery[] {
  return queries.filter(({ text }) => !/^(begin|start transaction|commit|rollback)\b/i.test(text));
}
