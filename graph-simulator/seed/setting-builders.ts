import type { Json, JsonObject } from '../values/json.ts';

const GRAPH = '#microsoft.graph.deviceManagementConfiguration';

/** A setting with options: option 1 of `…_allow` is the value `…_allow_1`. */
export function choice(
  id: string,
  option: string | number,
  children: JsonObject[] = [],
): JsonObject {
  return instance(id, 'ChoiceSettingInstance', {
    choiceSettingValue: {
      settingValueTemplateReference: null,
      value: `${id}_${option}`,
      children,
    },
  });
}

/** A setting that is a number. */
export function wholeNumber(id: string, value: number): JsonObject {
  return instance(id, 'SimpleSettingInstance', {
    simpleSettingValue: simple('Integer', value),
  });
}

/** A setting that is a text. */
export function text(id: string, value: string): JsonObject {
  return instance(id, 'SimpleSettingInstance', { simpleSettingValue: simple('String', value) });
}

/** A setting that is a list of texts. */
export function texts(id: string, values: readonly string[]): JsonObject {
  return instance(id, 'SimpleSettingCollectionInstance', {
    simpleSettingCollectionValue: values.map((value) => simple('String', value)),
  });
}

/** A setting that is a list of groups of settings. */
export function group(id: string, rows: readonly (readonly JsonObject[])[]): JsonObject {
  return instance(id, 'GroupSettingCollectionInstance', {
    groupSettingCollectionValue: rows.map((children) => ({
      settingValueTemplateReference: null,
      children: [...children],
    })),
  });
}

/** What a settings catalog policy is drafted from. */
export interface CatalogDraft {
  readonly name: string;
  readonly description?: string;
  readonly platforms?: string;
  readonly technologies?: string;
  readonly template?: Template;
  readonly settings: readonly JsonObject[];
}

interface Template {
  readonly id: string;
  readonly family: string;
  readonly title: string;
}

/** The policy of a draft; its settings are numbered in their order. */
export function catalogPolicy(draft: CatalogDraft): JsonObject {
  return {
    name: draft.name,
    description: draft.description ?? '',
    platforms: draft.platforms ?? 'windows10',
    technologies: draft.technologies ?? 'mdm',
    templateReference: {
      templateId: draft.template?.id ?? '',
      templateFamily: draft.template?.family ?? 'none',
      templateDisplayName: draft.template?.title ?? null,
      templateDisplayVersion: draft.template === undefined ? null : 'Version 1',
    },
    settings: draft.settings.map((settingInstance, at) => ({ id: String(at), settingInstance })),
  };
}

function instance(id: string, type: string, value: JsonObject): JsonObject {
  return {
    '@odata.type': `${GRAPH}${type}`,
    settingDefinitionId: id,
    settingInstanceTemplateReference: null,
    ...value,
  };
}

function simple(type: 'Integer' | 'String', value: Json): JsonObject {
  return {
    '@odata.type': `${GRAPH}${type}SettingValue`,
    settingValueTemplateReference: null,
    value,
  };
}
