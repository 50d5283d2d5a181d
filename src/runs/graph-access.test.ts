import { expectTypeOf, test } from 'vitest';
import type { GraphReader, GraphWriter } from '../graph/port.ts';
import type { GraphFor, RunContext } from './run-type.ts';

/** Law 3, the half that the compiler holds; the guard behind it is tested in refuse-writes.ts. */
test('a run that reads is handed a port that cannot write, one without Graph none', () => {
  expectTypeOf<RunContext<unknown, 'read'>['graph']>().toEqualTypeOf<GraphReader>();
  expectTypeOf<RunContext<unknown, 'write'>['graph']>().toEqualTypeOf<GraphWriter>();
  expectTypeOf<GraphFor<'none'>>().toEqualTypeOf<undefined>();
});

test('what a reader offers is this, and nothing of it writes', () => {
  type Offered = Exclude<keyof GraphReader, 'connection' | 'usage'>;
  type Looks = 'groupNames' | 'listGroups' | 'groupsNamed' | 'approvalPolicies' | 'grantedToWrite';
  expectTypeOf<Offered>().toEqualTypeOf<'list' | 'read' | 'probe' | Looks>();
  expectTypeOf<GraphReader>().not.toExtend<GraphWriter>();
});
