import { channel } from 'node:diagnostics_channel';

/**
 * The places at which a worker is killed by `npm run chaos -- restore`: between each thing that is
 * written down and each thing that is done. Nobody listens outside of such a story.
 */
export const WRITE_POINTS = [
  'before_begin',
  'after_begin',
  'before_safety',
  'after_safety',
  'before_intent',
  'after_intent',
  'request_sent',
  'answer_lost',
  'before_record',
  'after_record',
  'between_steps',
  'during_reconcile',
  'before_adopt',
  'before_verify',
  'before_settle',
  'after_settle',
] as const;
export type WritePoint = (typeof WRITE_POINTS)[number];

export const WRITE_POINTS_CHANNEL = 'tenantatlas.restore.point';
const points = channel(WRITE_POINTS_CHANNEL);

/** Says that the work has come to a point. */
export function reach(point: WritePoint): void {
  if (points.hasSubscribers) points.publish(point);
}
