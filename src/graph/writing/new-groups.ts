import { GROUPS } from '../contracts/directory-lookup.ts';
import type { WriteStep } from './write-step.ts';

/**
 * Stands in a request for a group that the restore makes before; its id is put there when it is
 * known. Whoever maps ids must know it: a new group is empty.
 */
export function newGroupId(sourceId: string): string {
  return `${PREFIX}${sourceId.toLowerCase()}`;
}

const PREFIX = 'restore-group:';

export function isNewGroupId(id: string): boolean {
  return id.startsWith(PREFIX);
}

/** The group of the source that is to be made anew. */
export interface GroupToCreate {
  /** In small letters. */
  readonly sourceId: string;
  readonly name: string;
  readonly description: string | null;
}

/**
 * The request that makes a security group of the name, with nobody in it: rules and members are
 * not taken over, since nobody saved them. What a description lacks is not sent, for the directory
 * refuses an empty one (DOC group-post-groups: "optional").
 */
export function planGroup({ sourceId, name, description }: GroupToCreate): WriteStep {
  return {
    name: 'create_group',
    method: 'POST',
    path: GROUPS.path,
    body: {
      displayName: name,
      ...(description === null || description === '' ? {} : { description }),
      mailEnabled: false,
      mailNickname: nicknameOf(name, sourceId),
      securityEnabled: true,
    },
    isCreate: true,
  };
}

/** DOC group: 64 characters of ASCII at most, without blanks and some signs. */
const NICKNAME_OF_NAME_MAX = 50;

/** Names are not unique, and may hold nothing that a nickname takes: part of the id comes along. */
function nicknameOf(name: string, sourceId: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, NICKNAME_OF_NAME_MAX);
  return `${plain === '' ? 'group' : plain}-${sourceId.slice(0, 8)}`;
}
