import { restoreDetailSchema, restoreItemsPageSchema } from '../../src/api/restores.ts';
import type { ApiAnswer } from './api-fixture.ts';

/** What entering values takes of a story. */
export interface EnteringStory {
  /** Asks the API: a POST when there is a body. */
  ask(path: string, body?: object): Promise<ApiAnswer>;
  /** Sends a POST with this text, whatever it is. */
  sendText(path: string, text: string): Promise<void>;
  previews(restoreId: string): Promise<unknown>;
  asAdmin(statement: string): Promise<unknown>;
}

/**
 * Enters a value for the policy that hides a key and previews that; then another value in every way
 * that is refused: where it does not belong, in the place of other fields, half, and with a key
 * that does not open.
 */
export async function enterValues(
  { ask, sendText, previews, asAdmin }: EnteringStory,
  tenantId: string,
  backupId: string,
  { kept, refused: value }: { readonly kept: string; readonly refused: string },
): Promise<void> {
  const source = { kind: 'backup', backupId };
  const draft = { source, selection: { nameContains: 'a key' } };
  const restore = (await ask(`/api/tenants/${tenantId}/restores`, draft)).as(restoreDetailSchema);
  await previews(restore.id);
  const [item] = (await ask(restore.links.items)).as(restoreItemsPageSchema).items;
  const path = `${restore.links.self}/secrets`;
  const entry = { versionId: item?.versionId, place: '', value: kept };
  await ask(path, { entries: [entry] });
  await previews(restore.id);
  await ask(restore.links.items);

  const refused = { ...entry, value };
  const foreign = crypto.randomUUID();
  await ask(path, { entries: [{ ...refused, place: 'elsewhere' }] });
  await ask(path, { entries: [refused, refused] });
  await ask(path, { entries: [{ ...refused, versionId: value }] });
  await ask(path, { entries: [{ ...refused, value: { secret: value } }] });
  await ask(path, { entries: value });
  await ask(path, { entries: [{ ...refused, versionId: foreign }] });
  await ask(path.replace(restore.id, foreign), { entries: [refused] });
  await sendText(path, `{"entries":[{"value":"${value}"`);
  await asAdmin(`update tenant_keys set wrapped = wrapped || '\\x00'`);
  await ask(path, { entries: [refused] });
  await asAdmin(`update tenant_keys set wrapped = substr(wrapped, 1, length(wrapped) - 1)`);
}
