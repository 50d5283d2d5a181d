import type { Reference, UnorderedCollection } from './define-contract.ts';

/** What happens to a device that does not comply; both compliance types carry it. */
export const SCHEDULED_ACTIONS: readonly UnorderedCollection[] = [
  { at: 'scheduledActionsForRule', by: [['ruleName']] },
  {
    at: 'scheduledActionsForRule[].scheduledActionConfigurations',
    by: [['actionType'], ['gracePeriodHours']],
  },
  {
    at: 'scheduledActionsForRule[].scheduledActionConfigurations[].notificationMessageCCList',
    by: [],
  },
];

/** Ids that Graph makes anew when the actions are set (graph-facts 2: strip on create). */
export const SCHEDULED_ACTIONS_VOLATILE = [
  'scheduledActionsForRule[].id',
  'scheduledActionsForRule[].scheduledActionConfigurations[].id',
] as const;

/** Without its template a notification says nothing: that action alone is left out. */
export const SCHEDULED_ACTIONS_REFERENCES: readonly Reference[] = [
  {
    at: 'scheduledActionsForRule[].scheduledActionConfigurations[].notificationTemplateId',
    to: 'notificationMessageTemplate',
    ifUnmapped: 'element',
  },
  {
    at: 'scheduledActionsForRule[].scheduledActionConfigurations[].notificationMessageCCList[]',
    to: 'group',
    ifUnmapped: 'value',
  },
];
