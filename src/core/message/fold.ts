/**
 * The one form in which names and values compare: lower case without locale, final sigma as sigma.
 * Ticket ids, attachment ids and keys are never folded; they compare exactly.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}

/** Whether two names are the same name. */
export function sameName(left: string, right: string): boolean {
  return left === right || fold(left) === fold(right);
}
