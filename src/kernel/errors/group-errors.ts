import type { ErrorFacts } from './error-facts.ts';

/** What a preview tells of groups that a restore would make, and of a second person's consent. */
export const GROUP_ERRORS = {
  'restore.group_created': {
    status: 200,
    retry: 'after_change',
    message: 'A group would be made for it, new and empty: it reaches nobody in that group yet.',
    next: 'Add the members afterwards, or map the group to one that exists.',
  },
  'restore.group_excludes_nobody': {
    status: 200,
    retry: 'after_change',
    message: 'It excludes a group that would be new and empty, which would exclude nobody.',
    next: 'Map the group to one that exists and has members; until then it is left out.',
  },
  'restore.group_ambiguous': {
    status: 409,
    retry: 'after_change',
    message: 'A group is not made: its name is that of several groups.',
    next: 'Map the group by hand.',
  },
  'restore.group_unnamed': {
    status: 409,
    retry: 'after_change',
    message: 'A group cannot be made: what the source called it is not known.',
    next: 'Map the group by hand, or sync the groups of the source and copy the items again.',
  },
  'restore.approval_likely': {
    status: 200,
    retry: 'never',
    message: 'Multi Admin Approval is on for this type: the change will wait for a second person.',
    next: 'Tell an approver; the change is made when they agree.',
  },
} as const satisfies Record<string, ErrorFacts>;
