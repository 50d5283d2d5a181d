import type { JsonObject } from '../../kernel/canonical-json.ts';

/**
 * One request of a restore, computed before anything is written. The path is the one below the
 * version; `{id}` in it stands for the object's id, which a create only brings to light.
 */
export interface WriteStep {
  readonly name:
    | 'create'
    | 'replace'
    | 'update'
    | 'assign'
    | 'schedule_actions'
    | 'create_group'
    | 'delete';
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Empty for a delete, which sends none. */
  readonly body: JsonObject;
  /** Creates an object, so it may double: never re-sent while it is ambiguous. */
  readonly isCreate: boolean;
}
