import type { JsonObject } from '../kernel/canonical-json.ts';
import type { PolicyType } from './contracts/list.ts';

/** A policy read completely and brought into canonical form: what is hashed is what is stored. */
export interface PolicyDocument {
  readonly type: PolicyType;
  readonly graphId: string;
  readonly name: string;
  readonly platform: string | null;
  readonly lastModifiedAt: string | null;
  /**
   * RFC 8785 text: volatile fields dropped, collections without order sorted, settings and
   * assignments included.
   */
  readonly body: string;
  /** Lower-case hex SHA-256 of `body` in UTF-8. */
  readonly contentHash: string;
  readonly assignmentsHash: string;
  readonly scopeTagsHash: string;
  /** The volatile fields as they were read. */
  readonly meta: JsonObject;
  /** Ids of the groups that assignments and conditions name, sorted, each once. */
  readonly groupIds: readonly string[];
  /** Graph masked a secret: the body cannot bring its value back. */
  readonly hasMaskedSecrets: boolean;
  readonly readAt: Date;
}
