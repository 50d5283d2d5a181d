import assert from 'node:assert/strict';
import { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import {
  backupIdSchema,
  comparisonIdSchema,
  connectionIdSchema,
  notificationIdSchema,
  policyIdSchema,
  restoreIdSchema,
  runIdSchema,
  versionIdSchema,
} from '../kernel/ids.ts';

/** Records of a tenant that a request may name by id. */
export type RecordKind =
  | 'run'
  | 'policy'
  | 'version'
  | 'backup'
  | 'restore'
  | 'comparison'
  | 'connection'
  | 'notification';

export interface RecordId {
  readonly kind: RecordKind;
  readonly id: string;
}

/** Schemas made from one of these (described, optional) are found too: zod keeps their parent. */
const KINDS = z.registry<{ readonly kind: RecordKind }>();
KINDS.add(runIdSchema, { kind: 'run' });
KINDS.add(policyIdSchema, { kind: 'policy' });
KINDS.add(versionIdSchema, { kind: 'version' });
KINDS.add(backupIdSchema, { kind: 'backup' });
KINDS.add(restoreIdSchema, { kind: 'restore' });
KINDS.add(comparisonIdSchema, { kind: 'comparison' });
KINDS.add(connectionIdSchema, { kind: 'connection' });
KINDS.add(notificationIdSchema, { kind: 'notification' });

/** Whether a field of this schema names a record, and of what kind. */
export function recordKindOf(schema: z.core.$ZodType): RecordKind | undefined {
  return KINDS.get(schema)?.kind;
}

/**
 * Every kind of record that a schema has a place for. Throws for a schema that it cannot look
 * into, which stops the start: an id behind it would be behind the wall's back.
 */
export function recordKindsIn(schema: z.core.$ZodType): ReadonlySet<RecordKind> {
  const kind = recordKindOf(schema);
  if (kind !== undefined) return new Set([kind]);
  return new Set(partsOf(schema).flatMap((part) => [...recordKindsIn(part.schema)]));
}

/**
 * The record ids in a value that has not been validated yet, wherever its schema has one: what a
 * caller may not see is refused before the rest is looked at, so that no answer about another
 * field tells that a record exists. A new route or run type is covered by using the id schemas.
 * @throws AppError forbidden when one is malformed: it is answered like one that is foreign
 */
export function findRecordIds(schema: z.core.$ZodType, value: unknown): RecordId[] {
  if (value === undefined || value === null) return [];
  const kind = recordKindOf(schema);
  if (kind !== undefined) {
    const id = z.uuid().safeParse(value);
    if (!id.success) throw new AppError('forbidden');
    return [{ kind, id: id.data.toLowerCase() }];
  }
  const parts = schema instanceof z.ZodUnion ? membersFor(schema, value) : partsOf(schema);
  return parts.flatMap((part) =>
    part.valuesIn(value).flatMap((inner) => findRecordIds(part.schema, inner)),
  );
}

/** A schema right below another, and where its values are in a value of the upper one. */
interface Part {
  readonly schema: z.core.$ZodType;
  valuesIn(value: unknown): readonly unknown[];
}

function partsOf(schema: z.core.$ZodType): readonly Part[] {
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).map(([name, field]) => ({
      schema: field,
      valuesIn: (value) => (isObject(value) ? [value[name]] : []),
    }));
  }
  if (schema instanceof z.ZodArray) return [{ schema: schema.element, valuesIn: valuesOfArray }];
  if (schema instanceof z.ZodRecord) {
    return [
      { schema: schema.keyType, valuesIn: (value) => (isObject(value) ? Object.keys(value) : []) },
      {
        schema: schema.valueType,
        valuesIn: (value) => Object.values(isObject(value) ? value : {}),
      },
    ];
  }
  if (schema instanceof z.ZodUnion) return schema.options.map(samePlace);
  if (schema instanceof z.ZodPipe) return [samePlace(schema.in)];
  const { def } = schema._zod;
  if ('innerType' in def && def.innerType instanceof z.core.$ZodType) {
    return [samePlace(def.innerType)]; // optional, nullable, default and their like
  }
  assert(LEAVES.has(def.type), `a request may not hold a schema of type ${def.type}`);
  return [];
}

/** Types without schemas inside, so that no id can be there. */
const LEAVES: ReadonlySet<string> = new Set([
  'string',
  'number',
  'int',
  'boolean',
  'literal',
  'enum',
  'null',
  'unknown',
]);

/** The members that take the value, or all where none does: the bad part may be an id. */
function membersFor(union: z.ZodUnion, value: unknown): readonly Part[] {
  const fitting = union.options.filter((option) => z.safeParse(option, value).success);
  return (fitting.length > 0 ? fitting : union.options).map(samePlace);
}

function samePlace(schema: z.core.$ZodType): Part {
  return { schema, valuesIn: (value) => [value] };
}

function valuesOfArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
