import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/canonical-json.ts';
import { joinPath, textAt, valueAt } from './body-paths.ts';

/** Where a difference is, in a path and in words. */
export interface NamedPlace {
  readonly path: string;
  readonly label: string;
  readonly settingId: string | undefined;
}

/**
 * Wrappers around a setting's value: naming them would hide the setting behind Graph's plumbing.
 * They are left out of the path only inside a setting, where the definition id says enough.
 */
const PLUMBING = new Set([
  'settingInstance',
  'choiceSettingValue',
  'simpleSettingValue',
  'groupSettingValue',
  'choiceSettingCollectionValue',
  'simpleSettingCollectionValue',
  'groupSettingCollectionValue',
  'value',
  'children',
]);

/** The place of a property below `place`. */
export function nameProperty(place: NamedPlace, key: string): Omit<NamedPlace, 'settingId'> {
  if (place.settingId !== undefined && PLUMBING.has(key)) {
    return { path: place.path, label: place.label };
  }
  // A group's settings stand for themselves, whichever collection they are in.
  if (place.path === '' && key === 'settings') return { path: 'settings', label: '' };
  if (place.path === '' && key === 'assignments') return { path: 'assignments', label: '' };
  return { path: joinPath(place.path, key), label: joinLabel(place.label, readableWords(key)) };
}

/** The place of one element of a list; `key` tells it from its neighbours. */
export function nameElement(
  place: NamedPlace,
  element: JsonValue | undefined,
  key: string,
): NamedPlace {
  if (!isJsonObject(element)) return { ...place };
  const settingId = settingIdOf(element);
  if (settingId !== undefined) {
    return { path: `${place.path}/${settingId}`, label: readableSetting(settingId), settingId };
  }
  if (place.path === 'assignments') {
    const label = readableTarget(element);
    return { path: `assignments/${label}`, label: `Assignment: ${label}`, settingId: undefined };
  }
  const name = textAt(element, 'displayName') ?? key;
  return {
    path: `${place.path}[${key}]`,
    label: joinLabel(place.label, /^\d+$/.test(name) ? `No. ${Number(name) + 1}` : name),
    settingId: place.settingId,
  };
}

/** A value as a person reads it: a setting's choice without the id that it repeats. */
export function plainValue(value: JsonValue, settingId: string | undefined): JsonValue {
  if (typeof value === 'string') {
    const isOwnChoice = settingId !== undefined && value.startsWith(`${settingId}_`);
    return isOwnChoice ? value.slice(settingId.length + 1) : value;
  }
  if (isJsonObject(value) && settingIdOf(value) !== undefined) return plainSetting(value);
  return value;
}

function settingIdOf(element: JsonObject): string | undefined {
  const instance = element['settingInstance'];
  return textAt(isJsonObject(instance) ? instance : element, 'settingDefinitionId') ?? undefined;
}

/** A whole setting, added or removed: its value, and those of the settings inside it. */
function plainSetting(element: JsonObject): JsonValue {
  const instance = isJsonObject(element['settingInstance']) ? element['settingInstance'] : element;
  const id = textAt(instance, 'settingDefinitionId') ?? '';
  const value =
    instance['choiceSettingValue'] ??
    instance['simpleSettingValue'] ??
    instance['groupSettingValue'] ??
    instance['choiceSettingCollectionValue'] ??
    instance['simpleSettingCollectionValue'] ??
    instance['groupSettingCollectionValue'];
  return value === undefined ? instance : plainInner(value, id);
}

function plainInner(value: JsonValue, settingId: string): JsonValue {
  if (Array.isArray(value)) return value.map((element) => plainInner(element, settingId));
  if (!isJsonObject(value)) return value;
  const own = value['value'];
  const children = value['children'];
  if (!Array.isArray(children) || children.length === 0) return plainValue(own ?? null, settingId);
  const inner = children
    .filter(isJsonObject)
    .map((child): [string, JsonValue] => [
      readableSetting(settingIdOf(child) ?? ''),
      plainSetting(child),
    ]);
  const values = Object.fromEntries(inner);
  return own === undefined ? values : { value: plainValue(own, settingId), ...values };
}

/**
 * `device_vendor_msft_bitlocker_requiredeviceencryption` -> "Bitlocker › requiredeviceencryption":
 * the vendor's prefix and the ADMX category path tell an admin nothing.
 */
function readableSetting(settingId: string): string {
  const own = settingId
    .replace(/^(device|user)_vendor_msft_(policy_config_)?/i, '')
    .replace(/^.*~/, '');
  const words = own.split('_').filter((word) => word !== '');
  return words.length === 0 ? settingId : capitalise(words.join(' › '));
}

/** `roleScopeTagIds` -> "Role scope tag ids". */
function readableWords(property: string): string {
  const words = property
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(' ')
    .map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()));
  return capitalise(words.join(' '));
}

function readableTarget(assignment: JsonObject): string {
  const odataType = String(valueAt(assignment, ['target', '@odata.type']) ?? '');
  const group = String(valueAt(assignment, ['target', 'groupId']) ?? '');
  if (/allDevices/i.test(odataType)) return 'All devices';
  if (/allLicensedUsers/i.test(odataType)) return 'All users';
  if (/exclusionGroup/i.test(odataType)) return `Excluded group ${group}`;
  if (group !== '') return `Group ${group}`;
  return odataType.replace('#microsoft.graph.', '') || 'Unknown target';
}

function joinLabel(parent: string, own: string): string {
  return parent === '' ? own : `${parent} › ${own}`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
