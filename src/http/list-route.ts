import { z } from 'zod';
import type { Principal } from '../access/principal.ts';
import { pageQuerySchema, pageSchema } from '../api/page.ts';
import { type Key, type KeysetList, readPage } from '../db/keyset.ts';
import { asPerson, type PersonTx } from '../db/person-tx.ts';
import type { TenantTx } from '../db/tenant-tx.ts';
import type { Capability } from '../kernel/capabilities.ts';
import type { TenantId } from '../kernel/ids.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { readInput } from './read-input.ts';
import { type Answer, type GuardedRoute, NOTHING, tenantRoute } from './route.ts';

interface ListFacts<Item extends z.ZodType> {
  readonly path: string;
  readonly summary: string;
  readonly item: Item;
}

interface TenantListDefinition<
  Params extends z.ZodObject,
  Filters extends z.ZodObject,
  Item extends z.ZodType,
  Filter,
  Row,
  K extends Key,
> extends ListFacts<Item> {
  readonly capability: Capability;
  readonly params: Params;
  /** Query parameters besides `limit` and `cursor`; no transforms, for they are read twice. */
  readonly filters: Filters;
  readonly list: KeysetList<TenantTx, Filter, Row, K>;
  filterOf(request: {
    readonly params: z.output<Params>;
    readonly query: z.output<Filters>;
    readonly principal: Principal;
  }): Filter;
  present(row: Row, tenantId: TenantId): z.input<Item>;
}

/** A list of tenant data, a page at a time. */
export function tenantListRoute<
  Params extends z.ZodObject,
  Filters extends z.ZodObject,
  Item extends z.ZodType,
  Filter,
  Row,
  K extends Key,
>(definition: TenantListDefinition<Params, Filters, Item, Filter, Row, K>): GuardedRoute {
  const { list, filters, params } = definition;
  return tenantRoute({
    ...factsOf(definition),
    capability: definition.capability,
    params,
    query: z.strictObject({ ...pageQuerySchema.shape, ...filters.shape }),
    async handle(request) {
      const { tx, principal } = request;
      const query = filters.parse(request.query);
      const filter = definition.filterOf({ params: request.params, query, principal });
      const position = readPosition(list, list.name(filter), tx.tenantId, request.query);
      const page = await readPage(list, tx, filter, position);
      return answerPage(
        page.rows.map((row) => definition.present(row, tx.tenantId)),
        page.next && writeCursor(list.name(filter), tx.tenantId, page.next),
      );
    },
  });
}

interface PersonListDefinition<Item extends z.ZodType, Filter, Row, K extends Key>
  extends ListFacts<Item> {
  readonly list: KeysetList<PersonTx, Filter, Row, K>;
  filterOf(principal: Principal): Filter;
  present(row: Row, principal: Principal): z.input<Item>;
}

/** A list over the tenants that the caller is a member of. */
export function personListRoute<Item extends z.ZodType, Filter, Row, K extends Key>(
  definition: PersonListDefinition<Item, Filter, Row, K>,
): GuardedRoute {
  const { list } = definition;
  return {
    ...factsOf(definition),
    capability: 'signed-in',
    params: NOTHING,
    query: pageQuerySchema,
    serve: ({ db, principal, query }) =>
      asPerson(db, principal.userId, async (tx) => {
        const filter = definition.filterOf(principal);
        const asked = readInput('query', pageQuerySchema, query);
        const position = readPosition(list, list.name(filter), principal.userId, asked);
        const page = await readPage(list, tx, filter, position);
        return answerPage(
          page.rows.map((row) => definition.present(row, principal)),
          page.next && writeCursor(list.name(filter), principal.userId, page.next),
        );
      }),
  };
}

function factsOf<Item extends z.ZodType>(facts: ListFacts<Item>) {
  return {
    method: 'get' as const,
    path: facts.path,
    summary: facts.summary,
    body: NOTHING,
    answer: pageSchema(facts.item),
    statuses: [200],
  };
}

/** @throws AppError forbidden when the cursor is not one of this list of this owner */
export function readPosition<K extends Key>(
  list: { readonly key: z.ZodType<K> },
  listName: string,
  owner: string,
  query: unknown,
) {
  const { limit, cursor } = pageQuerySchema.strip().parse(query);
  const after = cursor === undefined ? undefined : readCursor(list.key, listName, owner, cursor);
  return { after, limit };
}

function answerPage<Item>(items: Item[], nextCursor: string | null) {
  return { status: 200, body: { items, nextCursor } } satisfies Answer;
}
