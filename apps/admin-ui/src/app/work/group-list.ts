import { type Signal, inject } from '@angular/core';
import { Router } from '@angular/router';
import { type RowSelection, rowSelection } from '../ui/row-selection';

interface Identified {
  readonly id: string;
}

/** What a list of groups is made of. */
export interface GroupListParts<G, T> {
  readonly groups: Signal<readonly G[]>;
  /** Key of the group that the address opens. */
  readonly opened: () => string | undefined;
  readonly rowsOf: (group: G) => readonly T[];
}

/** What every list of groups does alike. */
export interface GroupList<G, T> {
  /** Among the rows of the groups that are open. */
  readonly selection: RowSelection<T>;
  /** A single group is open anyway. */
  isOpen(group: G): boolean;
  /** Writes filters into the address; what is undefined is left out of it. */
  narrow(change: Readonly<Record<string, string | undefined>>): void;
}

/** Rows in groups of which the address opens one; to be called where injection is possible. */
export function groupList<G extends { readonly key: string }, T extends Identified>({ groups, opened, rowsOf }: GroupListParts<G, T>): GroupList<G, T> {
  const router = inject(Router);
  const isOpen = (group: G): boolean => groups().length === 1 || group.key === opened();
  return {
    selection: rowSelection(() => groups().filter(isOpen).flatMap(rowsOf), ({ id }) => id),
    isOpen,
    narrow: (change) => {
      void router.navigate([], { queryParams: Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value ?? null])), queryParamsHandling: 'merge' });
    },
  };
}
