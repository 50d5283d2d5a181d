/** Now, as Graph writes instants. */
export function nowText(): string {
  return new Date().toISOString();
}

/** Now in milliseconds, only ever compared with itself: the wall clock does not move it. */
export function nowMs(): number {
  return performance.now();
}
