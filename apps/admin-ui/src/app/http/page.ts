/** One page of a list as the server answers it; without a cursor it is the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string | null;
}
