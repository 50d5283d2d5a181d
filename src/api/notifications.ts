import { z } from 'zod';
import { notificationIdSchema, runIdSchema, tenantIdSchema } from '../kernel/ids.ts';
import { instantSchema } from './instant.ts';
import { runOutcomeSchema, runPhaseSchema } from './runs.ts';

/** Something that happened to a run of yours; one per run, unread again when it has ended. */
export const notificationSchema = z
  .object({
    id: notificationIdSchema,
    tenantId: tenantIdSchema,
    runId: runIdSchema,
    state: runPhaseSchema,
    createdAt: instantSchema,
    updatedAt: instantSchema,
    readAt: instantSchema.nullable(),
    links: z.object({ run: z.string() }),
  })
  .meta({ id: 'Notification' });

/** Inside a tenant it also tells what the run was. */
export const tenantNotificationSchema = notificationSchema
  .extend({ runType: z.string(), title: z.string(), outcome: runOutcomeSchema.nullable() })
  .meta({ id: 'TenantNotification' });

/** On pages without a tenant it tells whose run it was. */
export const personNotificationSchema = notificationSchema
  .extend({ tenantName: z.string() })
  .meta({ id: 'PersonNotification' });

export const READ_AT_ONCE_MAX = 200;
export const readNotificationsSchema = z
  .strictObject({ ids: z.array(notificationIdSchema).min(1).max(READ_AT_ONCE_MAX) })
  .meta({ id: 'ReadNotifications' });
/** How many of them were unread before. */
export const notificationsReadSchema = z
  .object({ read: z.int() })
  .meta({ id: 'NotificationsRead' });
