import { z } from 'zod';
import { pageQuerySchema } from '../../api/page.ts';
import {
  type RestoreReference,
  restoreMappingPageSchema,
  restoreReferenceSchema,
} from '../../api/restore-mapping.ts';
import { readPage } from '../../db/keyset.ts';
import { restoreIdSchema } from '../../kernel/ids.ts';
import { requireRestore } from '../../restores/find-restore.ts';
import {
  type Candidates,
  candidateKey,
  findCandidates,
} from '../../restores/mapping/find-candidates.ts';
import { type ReferenceRow, referencesList } from '../../restores/mapping/list-references.ts';
import { nameTargets } from '../../restores/mapping/name-targets.ts';
import { overlayMapping } from '../../restores/mapping/overlay-mapping.ts';
import { writeCursor } from '../cursor.ts';
import { readPosition } from '../list-route.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';

/** Candidates are looked for by each name. */
const REFERENCES_PAGE_MAX = 50;

/** What ids of the source mean in this tenant, and what they could mean. */
export function restoreMappingRoutes(): GuardedRoute[] {
  return [listMapping];
}

const listMapping = tenantRoute({
  method: 'get',
  path: '/api/tenants/{tenant}/restores/{restore}/mapping',
  summary: 'What the items refer to, what it means in this tenant, and what could be meant',
  capability: 'backups:read',
  params: z.object({ restore: restoreIdSchema }),
  query: pageQuerySchema.extend({
    how: restoreReferenceSchema.shape.how
      .meta({ description: 'As the last preview resolved it' })
      .optional(),
  }),
  body: NOTHING,
  answer: restoreMappingPageSchema,
  statuses: [200],
  async handle({ tx, params, query }) {
    const filter = { restoreId: params.restore, how: query.how };
    const listName = referencesList.name(filter);
    const { after, limit } = readPosition(referencesList, listName, tx.tenantId, query);
    const page = { after, limit: Math.min(limit, REFERENCES_PAGE_MAX) };
    const { rows, next } = await readPage(referencesList, tx, filter, page);
    const mapped = overlayMapping(await requireRestore(tx, params.restore), rows);
    const names = await nameTargets(tx, mapped.flatMap(targetsOf));
    const candidates = await findCandidates(tx, rows);
    return {
      status: 200,
      body: {
        items: mapped.map((reference) => presentReference(reference, names, candidates)),
        nextCursor: next && writeCursor(listName, tx.tenantId, next),
      },
    };
  },
});

function targetsOf({ kind, target }: ReferenceRow) {
  return target === null ? [] : [{ kind, id: target }];
}

function presentReference(
  { kind, source_id, name, how, target, items }: ReferenceRow,
  names: ReadonlyMap<string, string>,
  candidates: Candidates,
): RestoreReference {
  return {
    kind,
    sourceId: source_id,
    sourceName: name,
    how,
    mappedTo: target === null ? null : { id: target, name: names.get(`${kind}:${target}`) ?? null },
    items,
    candidates: [...(name === null ? [] : (candidates.get(candidateKey(kind, name)) ?? []))],
  };
}
