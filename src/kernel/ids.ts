import { uuidv7 } from 'uuidv7';
import { z } from 'zod';

/** Branded: a run id cannot be given for a policy id. All are uuidv7, so they sort by time. */
export const tenantIdSchema = z.uuid().brand<'TenantId'>();
export const userIdSchema = z.uuid().brand<'UserId'>();
export const tokenIdSchema = z.uuid().brand<'TokenId'>();
export const sessionIdSchema = z.uuid().brand<'SessionId'>();
export const connectionIdSchema = z.uuid().brand<'ConnectionId'>();
/** New with each credential of the application that may write. */
export const writeRegistrationIdSchema = z.uuid().brand<'WriteRegistrationId'>();
export const runIdSchema = z.uuid().brand<'RunId'>();
export const policyIdSchema = z.uuid().brand<'PolicyId'>();
export const versionIdSchema = z.uuid().brand<'VersionId'>();
export const backupIdSchema = z.uuid().brand<'BackupId'>();
export const restoreIdSchema = z.uuid().brand<'RestoreId'>();
export const comparisonIdSchema = z.uuid().brand<'ComparisonId'>();
export const notificationIdSchema = z.uuid().brand<'NotificationId'>();
export const auditIdSchema = z.uuid().brand<'AuditId'>();
/** A worker process, new at each start. */
export const workerIdSchema = z.uuid().brand<'WorkerId'>();

export type TenantId = z.infer<typeof tenantIdSchema>;
export type UserId = z.infer<typeof userIdSchema>;
export type TokenId = z.infer<typeof tokenIdSchema>;
export type SessionId = z.infer<typeof sessionIdSchema>;
export type ConnectionId = z.infer<typeof connectionIdSchema>;
export type WriteRegistrationId = z.infer<typeof writeRegistrationIdSchema>;
export type RunId = z.infer<typeof runIdSchema>;
export type PolicyId = z.infer<typeof policyIdSchema>;
export type VersionId = z.infer<typeof versionIdSchema>;
export type BackupId = z.infer<typeof backupIdSchema>;
export type RestoreId = z.infer<typeof restoreIdSchema>;
export type ComparisonId = z.infer<typeof comparisonIdSchema>;
export type NotificationId = z.infer<typeof notificationIdSchema>;
export type AuditId = z.infer<typeof auditIdSchema>;
export type WorkerId = z.infer<typeof workerIdSchema>;

/** A new id of the schema's kind: `newId(runIdSchema)`. */
export function newId<S extends z.ZodType>(schema: S): z.infer<S> {
  return schema.parse(uuidv7());
}
