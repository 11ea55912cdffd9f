import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Icon } from './icon';
import type { IconName } from './icon-paths';
import type { ListStatus } from './list-status';

/** Around every list: its rows when there are some, else one of the four empty states. `[advice]` is what to do first, `[besides]` what else may be where nothing matches. */
@Component({
  selector: 'parley-list-frame',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list-frame.html',
  styleUrl: './list-frame.scss',
})
export class ListFrame {
  readonly status = input.required<ListStatus>();
  /** Why the last reading failed, as a sentence; shown beside rows that are older than the failure, too. */
  readonly failure = input<string>();
  readonly icon = input<IconName>('inbox');
  readonly emptyTitle = input.required<string>();
  readonly noMatchTitle = input('Nothing matches these filters');
  readonly hasMore = input(false);
  readonly loadingMore = input(false);
  readonly stale = input(false);

  readonly retry = output();
  readonly clear = output();
  readonly more = output();

  protected readonly skeleton = [72, 54, 81, 63, 47, 76, 58, 69];
}
