import type { ErrorFacts } from './error-facts.ts';

/** What stands in the way of comparing. */
export const COMPARISON_ERRORS = {
  'comparison.no_version': {
    status: 409,
    retry: 'after_change',
    message: 'No version of this policy is kept, so there is nothing to compare it with.',
    next: 'Capture a snapshot of it, or make a backup; then compare again.',
  },
  'comparison.types_differ': {
    status: 422,
    retry: 'never',
    message: 'Policies of different types cannot be compared.',
    next: 'Choose two of the same type.',
  },
  'comparison.backup_unfinished': {
    status: 409,
    retry: 'after_change',
    message: 'A backup that is still being made cannot be compared.',
    next: 'Wait for its run to end, and compare again.',
  },
  'comparison.no_copies': {
    status: 409,
    retry: 'never',
    message: 'This comparison is of one tenant: nothing can be copied into it.',
    next: 'Make a new comparison with another tenant.',
  },
  'comparison.nothing_copied': {
    status: 409,
    retry: 'after_change',
    message: 'Nothing of the other tenant was copied into this comparison.',
    next: 'Copy the versions that are to be compared, and start it again.',
  },
  'comparison.other_tenant': {
    status: 409,
    retry: 'never',
    message: 'This comparison holds versions of another tenant already.',
    next: 'Make a comparison for each pair of tenants.',
  },
  'comparison.started': {
    status: 409,
    retry: 'never',
    message: 'This comparison was started already: nothing more can be copied into it.',
    next: 'Make a new comparison.',
  },
} as const satisfies Record<string, ErrorFacts>;
