import type { RestoreAction, RestoreChoice, RestoreMatch } from '../../db/tables/restore-items.ts';
import type { RestoreMode } from '../../graph/contracts/writing-rules.ts';
import type { ErrorCode } from '../../kernel/errors.ts';

/** What an item looks for in the target. */
export interface Wanted {
  readonly sourceGraphId: string;
  readonly name: string;
  /** By hand. */
  readonly chosenGraphId: string | null;
}

/** An object that the target has now. */
export interface LiveObject {
  readonly graphId: string;
  readonly name: string;
}

export interface Match {
  readonly kind: RestoreMatch;
  readonly graphId: string | null;
  /** Objects of the name, when there are several. */
  readonly candidates: readonly string[];
}

/**
 * Which object of the target an item stands for. Identity is the id: where the object lives on, it
 * is meant, whatever it is called now. A name is a hint, and good only while it is the only one.
 * @param idsHold whether ids of the source mean the same objects here
 */
export function matchItem(wanted: Wanted, there: readonly LiveObject[], idsHold: boolean): Match {
  if (wanted.chosenGraphId !== null) {
    const chosen = there.find(({ graphId }) => graphId === wanted.chosenGraphId);
    return chosen === undefined ? NO_MATCH : matched('chosen', chosen);
  }
  const same = idsHold && there.find(({ graphId }) => graphId === wanted.sourceGraphId);
  if (same) return matched('same_id', same);
  const named = there.filter(({ name }) => name === wanted.name);
  const [only] = named;
  if (only === undefined) return NO_MATCH;
  if (named.length === 1) return matched('same_name', only);
  const candidates = named.map(({ graphId }) => graphId).sort();
  return { kind: 'ambiguous', graphId: null, candidates };
}

const NO_MATCH: Match = { kind: 'none', graphId: null, candidates: [] };

function matched(kind: RestoreMatch, { graphId }: LiveObject): Match {
  return { kind, graphId, candidates: [] };
}

/** What is known of an item before its bodies are looked at. */
export interface Matched {
  readonly choice: RestoreChoice | null;
  readonly match: RestoreMatch;
  readonly mode: RestoreMode['mode'];
  /** Why its type could not be listed; null when it was. */
  readonly listingFailure: ErrorCode | null;
}

export interface Decision {
  readonly action: Exclude<RestoreAction, 'unchanged'>;
  readonly code: ErrorCode | null;
}

/** What is to become of an item. When in doubt nothing: a person decides. */
export function decideItem({ choice, match, mode, listingFailure }: Matched): Decision {
  if (choice === 'skip') return { action: 'skip', code: 'restore.skip_chosen' };
  if (choice === 'delete') return decideDelete(match, listingFailure);
  if (listingFailure !== null) return blocked(listingFailure);
  if (mode === 'preview_only') return blocked('restore.preview_only');
  if (mode === 'metadata_only') return blocked('restore.metadata_only');
  if (choice === 'create' || (choice === null && match === 'none')) {
    return mode === 'update_only' ? blocked('restore.update_only') : CREATE;
  }
  if (match === 'ambiguous') return blocked('restore.match_ambiguous');
  if (match === 'none') return blocked('restore.match_missing');
  return mode === 'create_only' ? blocked('restore.create_only') : UPDATE;
}

/** By its id alone; what is gone already needs no deleting. */
function decideDelete(match: RestoreMatch, listingFailure: ErrorCode | null): Decision {
  if (listingFailure !== null) return blocked(listingFailure);
  const isThere = match === 'same_id' || match === 'chosen';
  return isThere ? { action: 'delete', code: null } : { action: 'skip', code: 'policy.gone' };
}

const CREATE: Decision = { action: 'create', code: null };
const UPDATE: Decision = { action: 'update', code: null };

function blocked(code: ErrorCode): Decision {
  return { action: 'blocked', code };
}
