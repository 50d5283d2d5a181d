import { stat } from 'node:fs/promises';
import { AppError } from '../../kernel/errors.ts';

/** Who the server runs as: ourselves, or an unprivileged user when we are root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  /** True when we are root and give up our rights for the server. */
  readonly isDropped: boolean;
}

/** `nobody` on every Linux that the binaries run on; initdb needs an entry in passwd. */
const NOBODY = 65_534;

/**
 * PostgreSQL refuses to run as root. Data that an ordinary user made before keeps its owner, since
 * PostgreSQL also refuses data that belongs to somebody else.
 */
export async function chooseServerUser(cluster: string): Promise<ServerUser> {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) {
    throw new AppError('embedded.unsupported_platform', { platform: process.platform });
  }
  if (uid !== 0) return { uid, gid, isDropped: false };
  if (process.platform !== 'linux') {
    throw new AppError('embedded.unsupported_platform', { reason: 'root_needs_linux' });
  }
  const owner = await stat(cluster).catch(() => null);
  if (owner !== null && owner.uid !== 0) {
    return { uid: owner.uid, gid: owner.gid, isDropped: true };
  }
  return { uid: NOBODY, gid: NOBODY, isDropped: true };
}

/** The part of spawn's options that drops root; empty for an ordinary user, who may not set any. */
export function spawnIdentity(user: ServerUser): { uid?: number; gid?: number } {
  return user.isDropped ? { uid: user.uid, gid: user.gid } : {};
}
