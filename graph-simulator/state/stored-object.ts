import type { Kind } from '../kinds/kind.ts';
import { type JsonObject, objectsOf, omitKeys, textOf } from '../values/json.ts';
import { hideSecrets } from './hide-secrets.ts';

/** One object of a collection, as the service holds it. */
export interface StoredObject {
  readonly id: string;
  /** Place in the list: grows with each creation, never reused. */
  readonly order: number;
  /** All properties but the parts. */
  body: JsonObject;
  /** The sub-collections: settings, assignments, scheduledActionsForRule. */
  readonly parts: Map<string, JsonObject[]>;
  /**
   * Plain values that no answer shows: behind masked OMA-URI settings by secretReferenceValueId,
   * of the settings catalog by token, a network's key by `preSharedKey`.
   */
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
  hideSecrets(kind, stored);
}

/** The object with its parts, as an export of everything would show it. */
export function wholeObject(stored: StoredObject): JsonObject {
  return { ...stored.body, ...Object.fromEntries(stored.parts) };
}

/** What people call the object. */
export function nameOf(kind: Kind, stored: StoredObject): string {
  return textOf(stored.body[kind.nameKey]) ?? '';
}
