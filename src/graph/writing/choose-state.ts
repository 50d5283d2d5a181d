import type { JsonObject } from '../../kernel/canonical-json.ts';
import { textAt } from '../body-paths.ts';
import type { Contract } from '../contracts/define-contract.ts';
import type { StateRule } from '../contracts/writing-rules.ts';
import type { WriteChoices } from './plan-steps.ts';

/** The state of a new object: as chosen, whatever it was. Nothing for types without a state. */
export function stateToCreate(
  { writing: { state } }: Contract,
  saved: JsonObject,
  { conditionalAccessState }: WriteChoices,
): JsonObject {
  if (state === undefined || conditionalAccessState === 'asSaved') return {};
  const chosen = state[conditionalAccessState];
  return chosen === saved[state.at] ? {} : { [state.at]: chosen };
}

/**
 * The state of an updated object: the saved one, but no stronger than what is live or was chosen.
 * A policy that is on stays on (switching it off would open a door nobody asked to open), and
 * one that is off is not switched on by a restore that was not told to.
 */
export function stateToUpdate(
  { writing: { state } }: Contract,
  live: JsonObject,
  saved: JsonObject,
  { conditionalAccessState }: WriteChoices,
): JsonObject {
  if (state === undefined || conditionalAccessState === 'asSaved') return {};
  if (saved[state.at] === undefined) return {};
  const strengths = [state.disabled, state.reportOnly, state.enabled];
  const allowed = Math.max(
    strengthOf(strengths, live, state),
    strengths.indexOf(state[conditionalAccessState]),
  );
  const wanted = strengthOf(strengths, saved, state);
  const name = strengths[Math.min(wanted, allowed)];
  return name === undefined || wanted <= allowed ? {} : { [state.at]: name };
}

/** A state nobody knows counts as the strongest when saved and live agree, so it is kept. */
function strengthOf(strengths: readonly string[], body: JsonObject, { at }: StateRule): number {
  const place = strengths.indexOf(textAt(body, at) ?? '');
  return place < 0 ? strengths.length - 1 : place;
}
