import { AppError } from '../kernel/errors.ts';

/**
 * Refuses a write that another site's page made a browser send. Browsers say so themselves, in
 * `Sec-Fetch-Site`, which no page can set; older ones send `Origin`; what sends neither is no
 * browser with a session of ours.
 * @throws AppError request.cross_site
 */
export function requireSameSite(headers: Headers, origin: string): void {
  const site = headers.get('sec-fetch-site');
  const isOurs = site === null ? headers.get('origin') === origin : site === 'same-origin';
  if (!isOurs) throw new AppError('request.cross_site');
}
