import { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import {
  backupIdSchema,
  connectionIdSchema,
  notificationIdSchema,
  policyIdSchema,
  runIdSchema,
} from '../kernel/ids.ts';

/** Records of a tenant that a request may name by id. */
export type RecordKind = 'run' | 'policy' | 'backup' | 'connection' | 'notification';

export interface RecordId {
  readonly kind: RecordKind;
  readonly id: string;
}

/** Schemas made from one of these (described, optional) are found too: zod keeps their parent. */
const KINDS = z.registry<{ readonly kind: RecordKind }>();
KINDS.add(runIdSchema, { kind: 'run' });
KINDS.add(policyIdSchema, { kind: 'policy' });
KINDS.add(backupIdSchema, { kind: 'backup' });
KINDS.add(connectionIdSchema, { kind: 'connection' });
KINDS.add(notificationIdSchema, { kind: 'notification' });

/** Whether a field of this schema names a record, and of what kind. */
export function recordKindOf(schema: z.core.$ZodType): RecordKind | undefined {
  return KINDS.get(schema)?.kind;
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
  return partsOf(schema, value).flatMap(([part, inner]) => findRecordIds(part, inner));
}

type Part = readonly [schema: z.core.$ZodType, value: unknown];

/** The schemas right below a schema, each with the part of the value that it is about. */
function partsOf(schema: z.core.$ZodType, value: unknown): readonly Part[] {
  if (schema instanceof z.ZodObject) {
    const fields = new Map(isObject(value) ? Object.entries(value) : []);
    return Object.entries(schema.shape).map(([name, field]) => [field, fields.get(name)]);
  }
  if (schema instanceof z.ZodArray) {
    const element = schema.element;
    return Array.isArray(value) ? value.map((item: unknown): Part => [element, item]) : [];
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const chosen = schema.options.find((option) =>
      isChosen(schema.def.discriminator, option, value),
    );
    return chosen === undefined ? [] : [[chosen, value]];
  }
  // Which member is meant shows only later: what any of them would take for an id counts.
  if (schema instanceof z.ZodUnion) return schema.options.map((option) => [option, value]);
  if (schema instanceof z.ZodPipe) return [[schema.in, value]];
  if (isWrapper(schema)) return [[schema.unwrap(), value]];
  return [];
}

function isWrapper(schema: z.core.$ZodType) {
  return (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  );
}

function isChosen(discriminator: string, option: z.core.$ZodType, value: unknown): boolean {
  if (!(option instanceof z.ZodObject) || !isObject(value)) return false;
  const word = option.shape[discriminator];
  return word !== undefined && z.safeParse(word, value[discriminator]).success;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
