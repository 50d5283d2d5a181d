/** Now, as Graph writes instants. */
export function nowText(): string {
  return new Date().toISOString();
}

/** Now in milliseconds, only ever compared with itself: unmoved by corrections of the wall clock. */
export function nowMs(): number {
  return performance.now();
}
