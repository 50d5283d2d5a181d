import type { Kind } from './kind.ts';
import { refuseMissing } from './refuse.ts';

const DIRECTORY_BASE = {
  versions: ['beta', 'v1.0'],
  family: 'directory',
  bucket: 'directory',
  nameKey: 'displayName',
  modifiedKey: null,
  page: { size: 100, honoursTop: true },
  parts: [],
  unordered: [],
  betaOnly: [],
  readOnly: ['id', 'createdDateTime', 'deletedDateTime'],
  countsSettings: false,
  hasVersion: false,
  defaults: {},
} as const satisfies Partial<Kind>;

/** Groups that assignments and Conditional Access name. */
export const groups: Kind = {
  ...DIRECTORY_BASE,
  name: 'groups',
  path: 'groups',
  entity: 'group',
  permissions: {
    read: ['Group.Read.All', 'Group.ReadWrite.All', 'Directory.Read.All'],
    write: ['Group.ReadWrite.All'],
  },
  status: { create: 201, patch: 204, put: null, remove: 204, assign: null },
  defaults: { description: null, groupTypes: [], membershipRule: null, mail: null },
  // DOC group-post-groups: the four are required.
  refuseCreate: (body) =>
    refuseMissing(body, ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled']),
};

/** The tenant itself. */
export const organization: Kind = {
  ...DIRECTORY_BASE,
  name: 'organization',
  path: 'organization',
  entity: 'organization',
  permissions: { read: ['Organization.Read.All', 'Directory.Read.All'], write: [] },
  status: { create: null, patch: null, put: null, remove: null, assign: null },
};
