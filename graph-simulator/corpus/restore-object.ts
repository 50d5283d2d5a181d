import { withRuleIds } from '../graph/write-object.ts';
import type { Kind } from '../kinds/kind.ts';
import { isObject, type Json, type JsonObject, objectsOf, textOf } from '../values/json.ts';
import { seededGuid, seededRandom } from '../values/random.ts';

/** Where an object came from: what the exporter left out is made of this and the seed. */
export interface Origin {
  readonly seed: number;
  readonly file: string;
  readonly at: number;
}

/**
 * The object as the service would hold it: without the annotations that an export with full
 * metadata adds, and with what the service had set and the exporter left out. Nothing else is
 * changed.
 */
export function restoreObject(
  kind: Kind,
  exported: JsonObject,
  origin: Origin,
  isIdFree: (id: string) => boolean,
): JsonObject {
  const plain = withoutAnnotations(exported);
  const exportedId = textOf(plain['id']);
  const keepsId = exportedId !== undefined && isIdFree(exportedId);
  const id = keepsId ? exportedId : seededGuid(origin.seed, 'corpus', origin.file, origin.at);
  const whole: JsonObject = { ...serviceFields(kind, origin), ...plain, id };
  if (kind.name === 'groups') Object.assign(whole, groupFields(plain, id));
  if (!keepsId && Array.isArray(whole['scheduledActionsForRule'])) {
    const rules = withRuleIds(id, objectsOf(whole['scheduledActionsForRule']));
    whole['scheduledActionsForRule'] = rules;
  }
  return whole;
}

/** Keeps @odata.type, which tells derived types apart. */
function withoutAnnotations(object: JsonObject): JsonObject {
  const plain: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    const isAnnotation = key.includes('@odata.') && key !== '@odata.type';
    if (isAnnotation || key.startsWith('#')) continue;
    plain[key] = withoutAnnotationsInside(value);
  }
  return plain;
}

function withoutAnnotationsInside(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutAnnotationsInside);
  return isObject(value) ? withoutAnnotations(value) : value;
}

/** What every object of the kind has, for templates that were cleaned by hand. */
function serviceFields(kind: Kind, origin: Origin): JsonObject {
  const fields: JsonObject = { ...kind.defaults };
  const created = instantOf(origin);
  if (kind.name !== 'roleScopeTags') fields['createdDateTime'] = created;
  if (kind.modifiedKey !== null) fields[kind.modifiedKey] = created;
  if (kind.hasVersion) fields['version'] = 1;
  // Templates of Conditional Access leave the state to whoever imports them.
  if (kind.name === 'conditionalAccessPolicies') fields['state'] = 'disabled';
  return fields;
}

function groupFields(plain: JsonObject, id: string): JsonObject {
  if ('securityEnabled' in plain) return {};
  const isDynamic = typeof plain['membershipRule'] === 'string';
  return {
    groupTypes: isDynamic ? ['DynamicMembership'] : [],
    membershipRuleProcessingState: isDynamic ? 'On' : null,
    mailEnabled: false,
    mailNickname: id.slice(0, 10),
    securityEnabled: true,
  };
}

/** Some minute of early 2026, always the same for the same file. */
function instantOf(origin: Origin): string {
  const random = seededRandom(origin.seed, origin.file, origin.at);
  const minutes = Math.floor(random() * 90 * 24 * 60);
  return new Date(Date.UTC(2026, 0, 5) + minutes * 60_000).toISOString();
}
