import type { Kind } from '../kinds/kind.ts';
import { isObject, type JsonObject, objectsOf, omitKeys, textOf } from '../values/json.ts';

/** One object of a collection, as the service holds it. */
export interface StoredObject {
  readonly id: string;
  /** Place in the list: grows with each creation, never reused. */
  readonly order: number;
  /** All properties but the parts. */
  body: JsonObject;
  /** The sub-collections: settings, assignments, scheduledActionsForRule. */
  readonly parts: Map<string, JsonObject[]>;
  /** Plain values behind masked OMA-URI settings, by secretReferenceValueId. */
  readonly secrets: Map<string, string>;
  /** On the clock of values/time: eventual consistency after a create. */
  visibleInGetAtMs: number;
  visibleInListAtMs: number;
}

/** Takes a whole object apart into what a plain GET shows and its parts. */
export function storedObject(kind: Kind, whole: JsonObject, order: number): StoredObject {
  const names = kind.parts.map((part) => part.name);
  const stored: StoredObject = {
    id: textOf(whole['id']) ?? '',
    order,
    body: omitKeys(whole, names),
    parts: new Map(names.map((name) => [name, objectsOf(whole[name])])),
    secrets: new Map(),
    visibleInGetAtMs: 0,
    visibleInListAtMs: 0,
  };
  refreshStored(kind, stored);
  return stored;
}

/** Puts right what the service derives: setting ids, settingCount, masks. After each change. */
export function refreshStored(kind: Kind, stored: StoredObject): void {
  if (kind.countsSettings) {
    const settings = stored.parts.get('settings') ?? [];
    const numbered = settings.map((setting, at) => ({ id: String(at), ...setting }));
    stored.parts.set('settings', numbered);
    stored.body['settingCount'] = numbered.length;
  }
  if (Array.isArray(stored.body['omaSettings'])) maskOmaSettings(stored);
}

/** The object with its parts, as an export of everything would show it. */
export function wholeObject(stored: StoredObject): JsonObject {
  return { ...stored.body, ...Object.fromEntries(stored.parts) };
}

/** What people call the object. */
export function nameOf(kind: Kind, stored: StoredObject): string {
  return textOf(stored.body[kind.nameKey]) ?? '';
}

/** Encrypted values are kept apart; the body shows Graph's placeholders for text and for XML. */
function maskOmaSettings(stored: StoredObject): void {
  const settings = stored.body['omaSettings'];
  if (!Array.isArray(settings)) return;
  stored.body['omaSettings'] = settings.map((setting, at) => {
    if (!isObject(setting) || setting['isEncrypted'] !== true) return setting;
    const isXml = setting['@odata.type'] === '#microsoft.graph.omaSettingStringXml';
    const mask = isXml ? 'PGEvPg==' : '****';
    const reference = textOf(setting['secretReferenceValueId']) ?? secretReference(stored, at);
    const value = textOf(setting['value']);
    // A mask that was already there stands for its secret; one that a client sends is a new value.
    const isKept = value === mask && stored.secrets.has(reference);
    if (value !== undefined && !isKept) stored.secrets.set(reference, value);
    return { ...setting, secretReferenceValueId: reference, value: mask };
  });
}

/** Graph's form: guid_policyId_guid. Made of the policy's id, so that it stays the same. */
function secretReference(stored: StoredObject, at: number): string {
  const tail = at.toString(16).padStart(12, '0');
  const half = stored.id.slice(0, 24);
  return `${half}${tail}_${stored.id}_${half}${(at + 1).toString(16).padStart(12, '0')}`;
}
