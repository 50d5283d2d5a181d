import type { ErrorFacts } from './error-facts.ts';

/** How runs and their items go wrong. */
export const RUN_ERRORS = {
  'run.live_with_other_input': {
    status: 409,
    retry: 'later',
    message: 'A run for the same target with other input is still going on.',
    next: 'Wait for the live run to end, or cancel it.',
  },
  'run.tenant_is_written': {
    status: 409,
    retry: 'later',
    message: 'Another run is writing to this tenant; there is one at a time.',
    next: 'Wait for it to end, or cancel it.',
  },
  'run.fence_lost': {
    status: 409,
    retry: 'never',
    message: 'Another worker has taken over this run.',
    next: 'Nothing to do: the other worker goes on.',
  },
  'run.ended': {
    status: 409,
    retry: 'never',
    message: 'This run has already ended.',
    next: 'Start a new one.',
  },
  'run.rights_missing': {
    status: 403,
    retry: 'after_change',
    message: 'Nobody who asked for this run holds the right to it any more.',
    next: 'Have someone with the right start it again.',
  },
  'run.timed_out': {
    status: 500,
    retry: 'later',
    message: 'The run took longer than its limit.',
    next: 'Start it again; what was done is kept.',
  },
  'run.nothing_succeeded': {
    status: 500,
    retry: 'later',
    message: 'No item of this run succeeded.',
    next: 'Look at the items for the reasons.',
  },
  'run.cancelled': {
    status: 409,
    retry: 'never',
    message: 'The run was cancelled.',
    next: 'Start a new one if it is still wanted.',
  },
  'run.interrupted': {
    status: 503,
    retry: 'later',
    message: 'The worker was stopped.',
    next: 'Nothing to do: the run goes on with another worker.',
  },
  'run.crashed': {
    status: 500,
    retry: 'later',
    message: 'Working this run ended its worker again and again.',
    next: 'Report it; what was done until then is kept.',
  },
  'run.type_unknown': {
    status: 422,
    retry: 'after_change',
    message: 'This version of TenantAtlas does not know this kind of run.',
    next: 'Run all servers and workers in the same version.',
  },
  'item.crashed': {
    status: 500,
    retry: 'later',
    message: 'Working this item ended the worker several times.',
    next: 'Report it; the other items were worked.',
  },
  'item.timed_out': {
    status: 504,
    retry: 'later',
    message: 'Working this item took too long.',
    next: 'Start the run again.',
  },
} as const satisfies Record<string, ErrorFacts>;
