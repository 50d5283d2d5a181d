import { ASSIGNMENTS, INTUNE_BASE, type Kind } from './kind.ts';
import { refuseMissing } from './refuse.ts';

/** Scope tags; ids are small numbers as text, "0" is built in. */
export const roleScopeTags: Kind = {
  ...INTUNE_BASE,
  name: 'roleScopeTags',
  path: 'deviceManagement/roleScopeTags',
  entity: 'roleScopeTag',
  bucket: 'rbac',
  permissions: {
    read: [
      'DeviceManagementConfiguration.Read.All',
      'DeviceManagementConfiguration.ReadWrite.All',
      'DeviceManagementRBAC.Read.All',
      'DeviceManagementRBAC.ReadWrite.All',
    ],
    write: ['DeviceManagementRBAC.ReadWrite.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  },
  modifiedKey: null,
  // $expand answers an empty list, though /assignments has them.
  parts: [{ ...ASSIGNMENTS, expand: 'empty' }],
  unordered: [],
  readOnly: ['id', 'isBuiltIn'],
  status: { create: 200, patch: 200, put: null, remove: 204, assign: 200 },
  defaults: { description: '', isBuiltIn: false },
  refuseCreate: (body) => refuseMissing(body, ['displayName']),
  refuseRemove: (stored) =>
    stored['isBuiltIn'] === true
      ? { status: 400, code: 'BadRequest', message: 'A built-in scope tag cannot be deleted.' }
      : undefined,
};
