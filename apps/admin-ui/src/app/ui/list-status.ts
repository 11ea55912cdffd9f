/** What a list or a screen has to show; one of five, so that none can be forgotten. */
export type ListStatus = 'loading' | 'failed' | 'empty' | 'no-match' | 'ready';

export interface ListFacts {
  readonly loading: boolean;
  readonly failed: boolean;
  readonly count: number;
  /** Whether any filter narrows the list. */
  readonly filtered: boolean;
}

/** Rows that are there are shown while newer ones load and even when loading them failed. */
export function listStatus({ loading, failed, count, filtered }: ListFacts): ListStatus {
  if (count > 0) return 'ready';
  if (loading) return 'loading';
  if (failed) return 'failed';
  return filtered ? 'no-match' : 'empty';
}
