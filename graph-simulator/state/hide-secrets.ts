import type { Kind } from '../kinds/kind.ts';
import { isObject, type Json, type JsonObject, textOf } from '../values/json.ts';
import type { StoredObject } from './stored-object.ts';

/** Takes values that the service never shows out of a body and keeps them apart. */
export function hideSecrets(kind: Kind, stored: StoredObject): void {
  if (Array.isArray(stored.body['omaSettings'])) maskOmaSettings(stored);
  const key = textOf(stored.body['preSharedKey']);
  if (key !== undefined) {
    stored.secrets.set('preSharedKey', key);
    stored.body['preSharedKey'] = null;
  }
  if (kind.countsSettings) {
    const settings = stored.parts.get('settings') ?? [];
    stored.parts.set(
      'settings',
      settings.map((setting) => hideInObject(stored, setting)),
    );
  }
}

/** Encrypted values are kept apart; the body shows Graph's placeholders for text and for XML. */
function maskOmaSettings(stored: StoredObject): void {
  const settings = stored.body['omaSettings'];
  if (!Array.isArray(settings)) return;
  stored.body['omaSettings'] = settings.map((setting, at) => {
    if (!isObject(setting) || !isEncrypted(setting)) return setting;
    const isXml = setting['@odata.type'] === '#microsoft.graph.omaSettingStringXml';
    const mask = isXml ? 'PGEvPg==' : '****';
    const reference = textOf(setting['secretReferenceValueId']) ?? secretReference(stored, at);
    const value = textOf(setting['value']);
    // A mask that was already there stands for its secret; one that a client sends is a new value.
    const isKept = value === mask && stored.secrets.has(reference);
    if (value !== undefined && !isKept) stored.secrets.set(reference, value);
    return { ...setting, isEncrypted: true, secretReferenceValueId: reference, value: mask };
  });
}

/**
 * The flag is the service's: a text that comes without it is stored encrypted
 * (Micke-K/IntuneManagement#29). Old settings, which say that they are not, stay so.
 */
function isEncrypted(setting: JsonObject): boolean {
  const flag = setting['isEncrypted'];
  if (flag !== undefined) return flag === true;
  return /^#microsoft\.graph\.omaSettingString/.test(textOf(setting['@odata.type']) ?? '');
}

/** Graph's form: guid_policyId_guid. Made of the policy's id, so that it stays the same. */
function secretReference(stored: StoredObject, at: number): string {
  const tail = at.toString(16).padStart(12, '0');
  const half = stored.id.slice(0, 24);
  return `${half}${tail}_${stored.id}_${half}${(at + 1).toString(16).padStart(12, '0')}`;
}

/** A plain secret of the settings catalog is answered as a token, another one each time. */
function hideInObject(stored: StoredObject, object: JsonObject): JsonObject {
  const value = textOf(object['value']);
  if (object['valueState'] === 'notEncrypted' && value !== undefined) {
    const number = (stored.secrets.size + 1).toString(16).padStart(12, '0');
    const token = `${stored.id.slice(0, 24)}${number}`;
    stored.secrets.set(token, value);
    return { ...object, value: token, valueState: 'encryptedValueToken' };
  }
  const entries = Object.entries(object).map(([key, inner]): [string, Json] => [
    key,
    hideInValue(stored, inner),
  ]);
  return Object.fromEntries(entries);
}

function hideInValue(stored: StoredObject, value: Json): Json {
  if (Array.isArray(value)) return value.map((element) => hideInValue(stored, element));
  return isObject(value) ? hideInObject(stored, value) : value;
}
