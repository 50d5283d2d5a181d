import { uuidv7 } from 'uuidv7';
import type { Db } from '../db/db.ts';
import { asStranger } from '../db/person-tx.ts';
import type { Clock } from '../kernel/clock.ts';
import { MINUTE } from '../kernel/durations.ts';
import type { UserId } from '../kernel/ids.ts';

/** Per minute, process and person: an attack is seen by then, and cannot fill the disk. */
const RECORDED_PER_MINUTE = 30;
/** People (and strangers, as one) that are counted apart; beyond that nobody new is recorded. */
const PERSONS_MAX = 10_000;

export interface Denial {
  readonly kind:
    | 'unauthorized'
    | 'forbidden'
    | 'capability.missing'
    | 'sign_in.refused'
    | 'sign_in.too_many'
    | 'admin.needed'
    | 'request.cross_site';
  readonly userId: UserId | null;
  /** The route's pattern, never an id from the address: nothing here names a tenant. */
  readonly route: string;
}

/**
 * Records denials, apart from any tenant: in a transaction of its own, since the denied one is
 * rolled back, and with the same statement whether the tenant is foreign or does not exist.
 */
export class SecurityEvents {
  readonly #db: Db;
  readonly #clock: Clock;
  #minuteBegan = Number.NEGATIVE_INFINITY;
  #counts = new Map<UserId | null, number>();

  constructor(db: Db, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async record(denial: Denial): Promise<void> {
    if (!this.#isWithinRate(denial.userId)) return;
    await asStranger(this.#db, (tx) =>
      tx.db
        .insertInto('security_events')
        .values({
          id: uuidv7(),
          kind: denial.kind,
          user_id: denial.userId,
          route: denial.route,
        })
        .execute(),
    );
  }

  #isWithinRate(userId: UserId | null): boolean {
    const now = this.#clock.monotonicMs();
    if (now - this.#minuteBegan >= MINUTE) {
      this.#minuteBegan = now;
      this.#counts = new Map();
    }
    const count = this.#counts.get(userId) ?? 0;
    if (count >= RECORDED_PER_MINUTE) return false;
    if (count === 0 && this.#counts.size >= PERSONS_MAX) return false;
    this.#counts.set(userId, count + 1);
    return true;
  }
}
