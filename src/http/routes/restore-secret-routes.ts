import { z } from 'zod';
import { restoreDetailSchema } from '../../api/restores.ts';
import { restoreIdSchema } from '../../kernel/ids.ts';
import { Secret } from '../../kernel/secret.ts';
import { requireRestore } from '../../restores/find-restore.ts';
import { enterSecrets } from '../../restores/secrets/enter-secrets.ts';
import { actorOf } from '../actor-of.ts';
import { presentRestoreDetail } from '../present-restore.ts';
import { NOTHING, tenantRoute } from '../route.ts';

/** In one request; a client sends as many requests as it needs. */
const ENTERED_AT_ONCE_MAX = 50;
const PLACE_CHARS_MAX = 1_000;
/** The largest hidden values are XML documents of custom profiles. */
const VALUE_CHARS_MAX = 500_000;

const entrySchema = z.strictObject({
  versionId: z.uuid().toLowerCase(),
  /** As the item's `secrets` name it; empty is the policy itself. */
  place: z.string().max(PLACE_CHARS_MAX),
  value: z
    .string()
    .min(1)
    .max(VALUE_CHARS_MAX)
    .meta({ format: 'password', description: 'Never answered. XML as it is, not in base64' }),
});

/**
 * Operators may enter values: whoever prepares a restore knows them, nobody can read them back, and
 * they go nowhere before somebody who may execute it has confirmed. No Idempotency-Key: its row
 * would keep a hash of the body, by which short values could be guessed; entering them twice
 * replaces them.
 */
export const enterSecretsRoute = tenantRoute({
  method: 'post',
  path: '/api/tenants/{tenant}/restores/{restore}/secrets',
  summary:
    'Enters values that Graph hides, for this restore alone; a preview does not hold after it',
  capability: 'restores:plan',
  params: z.object({ restore: restoreIdSchema }),
  query: NOTHING,
  body: z.strictObject({ entries: z.array(entrySchema).min(1).max(ENTERED_AT_ONCE_MAX) }),
  answer: restoreDetailSchema,
  statuses: [200],
  async handle({ tx, principal, params, body, readKey }) {
    const entries = body.entries.map(({ value, ...where }) => ({
      ...where,
      value: new Secret(value),
    }));
    await enterSecrets(tx, await readKey(), actorOf(principal), params.restore, entries);
    const restore = await requireRestore(tx, params.restore);
    return { status: 200, body: await presentRestoreDetail(tx, restore) };
  },
});
