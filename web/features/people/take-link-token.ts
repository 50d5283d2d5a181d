/**
 * The one-time token behind the `#` of the address, which no server sees; it is taken out of the
 * address, so that it is in no history. Undefined when there is none.
 */
export function takeLinkToken(): string | undefined {
  const token = window.location.hash.slice(1);
  if (token === '') return undefined;
  window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
}
