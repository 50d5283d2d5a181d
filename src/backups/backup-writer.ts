import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PolicyDocument } from '../graph/policy-document.ts';
import { AppError } from '../kernel/errors.ts';
import type { BackupId } from '../kernel/ids.ts';
import { readInstantsAgo } from '../policies/database-instant.ts';
import { observePolicies } from '../policies/observe-policies.ts';
import type { ItemEnding, RunContext, SliceTx } from '../runs/run-type.ts';
import { fillBackup } from './fill-backup.ts';

/** A policy that was just read; `askedAt` is from before Graph was asked. */
export interface JustRead {
  readonly document: PolicyDocument;
  readonly askedAt: Date;
}

/** The backup that a run fills, and why its versions are kept. */
export interface BackupToFill {
  readonly id: BackupId;
  readonly reason: string;
}

/** Enough to make the cost of a transaction small beside its rows. */
const TOGETHER_MAX = 50;
/** Bodies sent in one statement; a single one may be larger. */
const TOGETHER_CHARS_MAX = 4_000_000;

/**
 * Writes what a slice reads into its backup, one transaction at a time. Reads end in flocks, for
 * Graph answers them in batches: what ended while the last transaction went on shares the next.
 */
export class BackupWriter {
  readonly #ctx: RunContext<unknown, 'read'>;
  readonly #backup: BackupToFill;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(ctx: RunContext<unknown, 'read'>, backup: BackupToFill) {
    this.#ctx = ctx;
    this.#backup = backup;
  }

  /** Resolves once the version and its place in the backup are committed. */
  write(read: JustRead): Promise<ItemEnding> {
    const { promise, resolve, reject } = Promise.withResolvers<ItemEnding>();
    this.#waiting.push({ read, resolve, reject });
    if (!this.#isWriting) void this.#writeAll();
    return promise;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      await nextTurn(); // the rest of the flock arrives within this turn
      await this.#settle(this.#takeBatch());
    }
    this.#isWriting = false;
  }

  #takeBatch(): Waiting[] {
    let chars = 0;
    const isTooMuch = ({ read }: Waiting) => {
      chars += read.document.body.length;
      return chars > TOGETHER_CHARS_MAX;
    };
    const end = this.#waiting.slice(0, TOGETHER_MAX).findIndex(isTooMuch);
    return this.#waiting.splice(0, end === -1 ? TOGETHER_MAX : Math.max(end, 1));
  }

  /** Never throws: each read ends with what became of it. */
  async #settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const endings = await this.#ctx.inTenant((tx) => this.#writeBatch(tx, batch));
      batch.forEach(({ resolve, reject }, index) => {
        const ending = endings[index];
        if (ending === undefined) reject(new Error('a policy did not get into its backup'));
        else resolve(ending);
      });
    } catch (error) {
      // What the database refuses in one policy must not fail the others: each goes alone.
      const isOfOnePolicy = !(error instanceof AppError) && batch.length > 1;
      for (const waiting of batch) {
        if (isOfOnePolicy) await this.#settle([waiting]);
        else waiting.reject(error);
      }
    }
  }

  async #writeBatch(
    tx: SliceTx,
    batch: readonly Waiting[],
  ): Promise<readonly (ItemEnding | undefined)[]> {
    const now = this.#ctx.now().getTime();
    const agesMs = batch.map(({ read }) => Math.max(0, now - read.askedAt.getTime()));
    const instants = await readInstantsAgo(tx, agesMs);
    const looks = batch.flatMap(({ read: { document } }, index) => {
      const lookedAt = instants[index];
      return lookedAt === undefined ? [] : [{ type: document.type, face: document, lookedAt }];
    });
    const policies = await observePolicies(tx, looks);
    const { id, reason } = this.#backup;
    const why = { runId: tx.runId, madeBy: this.#ctx.initiatorLabel, reason };
    const endings = await fillBackup(tx, id, policies, why);
    const byDocument = new Map(policies.map((policy) => [policy.face, endings.get(policy.id)]));
    return batch.map(({ read }) => byDocument.get(read.document));
  }
}

interface Waiting {
  readonly read: JustRead;
  resolve(ending: ItemEnding): void;
  reject(error: unknown): void;
}
