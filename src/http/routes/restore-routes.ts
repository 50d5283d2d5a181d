import { z } from 'zod';
import { restoreDetailSchema, restoreSchema } from '../../api/restores.ts';
import { restoreIdSchema, versionIdSchema } from '../../kernel/ids.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { createRestore } from '../../restores/create-restore.ts';
import { editRestore } from '../../restores/edit-restore.ts';
import { requireRestore } from '../../restores/find-restore.ts';
import { restoresList } from '../../restores/list-restores.ts';
import {
  CHOSEN_VERSIONS_MAX,
  restoreChoiceSchema,
  restoreMappingSchema,
  restoreOptionsSchema,
  restoreSelectionSchema,
  restoreSourceSchema,
} from '../../restores/restore-input.ts';
import { actorOf } from '../actor-of.ts';
import { tenantListRoute } from '../list-route.ts';
import { presentRestore, presentRestoreDetail } from '../present-restore.ts';
import { type GuardedRoute, NOTHING, tenantRoute } from '../route.ts';
import { copyVersionsRoute } from './restore-copy-routes.ts';
import { restoreExecutionRoutes } from './restore-execution-routes.ts';
import { restoreItemRoutes } from './restore-item-routes.ts';
import { restoreMappingRoutes } from './restore-mapping-routes.ts';
import { enterSecretsRoute } from './restore-secret-routes.ts';

const restores = '/api/tenants/{tenant}/restores';
const oneRestore = z.object({ restore: restoreIdSchema });

/** Restores: what is to be put back, and its preview. The preview itself is a run, restore.plan. */
export function restoreRoutes(): GuardedRoute[] {
  return [
    listRestores,
    addRestore,
    readRestore,
    changeRestore,
    ...restoreItemRoutes(),
    ...restoreExecutionRoutes(),
    ...restoreMappingRoutes(),
    copyVersionsRoute(),
    enterSecretsRoute,
  ];
}

const listRestores = tenantListRoute({
  path: restores,
  summary: 'Restores, newest first',
  capability: 'backups:read',
  params: NOTHING,
  filters: z.object({}),
  item: restoreSchema,
  list: restoresList,
  filterOf: () => ({}),
  present: presentRestore,
});

/** Of this tenant: an id of another is refused, not only found nowhere. */
const chosenVersionsSchema = z.array(versionIdSchema).min(1).max(CHOSEN_VERSIONS_MAX);

const newRestoreSchema = z.strictObject({
  name: plainText(200).default('Restore'),
  source: restoreSourceSchema,
  selection: restoreSelectionSchema
    .extend({ versionIds: chosenVersionsSchema.exactOptional() })
    .default({}),
  options: restoreOptionsSchema.prefault({}),
  mapping: restoreMappingSchema.default({}),
});

const addRestore = tenantRoute({
  method: 'post',
  path: restores,
  summary: 'Makes a restore, as a draft; nothing is read or written in Microsoft Graph',
  capability: 'restores:plan',
  params: NOTHING,
  query: NOTHING,
  body: newRestoreSchema,
  answer: restoreDetailSchema,
  statuses: [201],
  async handle({ tx, principal, body }) {
    const id = await createRestore(tx, actorOf(principal), body);
    const restore = await presentRestoreDetail(tx, await requireRestore(tx, id));
    return { status: 201, body: restore, headers: { location: restore.links.self } };
  },
});

const readRestore = tenantRoute({
  method: 'get',
  path: `${restores}/{restore}`,
  summary: 'One restore, and whether its preview still holds',
  capability: 'backups:read',
  params: oneRestore,
  query: NOTHING,
  body: NOTHING,
  answer: restoreDetailSchema,
  statuses: [200],
  async handle({ tx, params }) {
    const restore = await requireRestore(tx, params.restore);
    return { status: 200, body: await presentRestoreDetail(tx, restore) };
  },
});

const editSchema = z.strictObject({
  name: plainText(200).optional(),
  selection: restoreSelectionSchema.optional(),
  options: restoreOptionsSchema.optional(),
  mapping: restoreMappingSchema.optional(),
  /** Of items, by version; others stay as they were decided. */
  choices: z.array(restoreChoiceSchema).max(CHOSEN_VERSIONS_MAX).optional(),
});

const changeRestore = tenantRoute({
  method: 'post',
  path: `${restores}/{restore}/edit`,
  summary: 'Changes what is named in the body; a preview does not hold after that',
  capability: 'restores:plan',
  params: oneRestore,
  query: NOTHING,
  body: editSchema,
  answer: restoreDetailSchema,
  statuses: [200],
  async handle({ tx, principal, params, body }) {
    await editRestore(tx, actorOf(principal), params.restore, body);
    const restore = await requireRestore(tx, params.restore);
    return { status: 200, body: await presentRestoreDetail(tx, restore) };
  },
});
