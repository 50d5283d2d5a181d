/**
 * The writing half of a contract: how one kind of object is created, updated and assigned. Facts
 * cited here are those of graph-facts 2 unless another source is named; where one is wrong, the
 * restore of that type fails or verifies with differences, it does not widen anything.
 */
export interface WritingRules {
  readonly restore: RestoreMode;
  /**
   * `whole`: PUT, and what is not sent is gone. `changed`: PATCH with the top-level properties that
   * differ, so that what nobody changed (a hidden secret, say) is not touched.
   */
  readonly update: 'whole' | 'changed';
  /** Besides volatile and readOnly fields, left out of updates. */
  readonly notUpdated: readonly string[];
  /** Decided at creation: where they differ, the match cannot become what was saved. */
  readonly fixed: readonly string[];
  /** Go along with every update that changes something. */
  readonly alwaysSent: readonly string[];
  /** Objects that Graph expands from one of their fields: only these are sent. */
  readonly named: readonly { readonly at: string; readonly by: readonly string[] }[];
  /** Objects whose empty members are not sent, unless they clear something. */
  readonly nullsOmitted: readonly string[];
  /** Parts that are sent by actions of their own. */
  readonly actions: readonly PartAction[];
  /** The property that switches the object on. */
  readonly state?: StateRule;
  /** What is made shows up in its collection within this; 120 s where nothing longer is known. */
  readonly visibleWithinMs?: number;
  /** Tells an object that every tenant has: updated, never created. */
  readonly isDefault?: string;
}

/**
 * `full`: created and updated. `create_only`, `update_only`: one of the two. `preview_only`: shown
 * and compared. `metadata_only`: what matters about it cannot be read.
 */
export interface RestoreMode {
  readonly mode: 'full' | 'create_only' | 'update_only' | 'preview_only' | 'metadata_only';
  /** Why not `full`; for people. */
  readonly reason?: string;
  /** What a mistake costs: `high` may lock people out or open a door. */
  readonly risk: 'low' | 'medium' | 'high';
}

/** A part replaced as a whole: POST {id}/{action} with the elements under `bodyKey`. */
export interface PartAction {
  readonly step: 'assign' | 'schedule_actions';
  readonly part: string;
  readonly action: string;
  readonly bodyKey: string;
  /** The POST that creates brings the part along; the action is for updates. */
  readonly isInCreate: boolean;
  /** Properties of each element that are sent; undefined sends the element as it is. */
  readonly elementKeeps?: readonly string[];
}

/** What the object's states are called, from the weakest to the strongest. */
export interface StateRule {
  readonly at: string;
  readonly disabled: string;
  readonly reportOnly: string;
  readonly enabled: string;
}

/**
 * `assign` REPLACES the set; ids and sources of assignments are Graph's, and those of a policy set
 * come back with it.
 */
export const ASSIGN: PartAction = {
  step: 'assign',
  part: 'assignments',
  action: 'assign',
  bodyKey: 'assignments',
  isInCreate: false,
  elementKeeps: ['target'],
};

/** What most types need nothing else than. */
export const PLAIN_WRITING = {
  update: 'changed',
  notUpdated: [],
  fixed: [],
  alwaysSent: [],
  named: [],
  nullsOmitted: [],
  actions: [],
} as const satisfies Omit<WritingRules, 'restore'>;
