import { Injectable, inject } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { type Observable, firstValueFrom } from 'rxjs';
import { problemText } from './problem-text';

/** Does what a person asked for and says how it went. */
@Injectable({ providedIn: 'root' })
export class Outcome {
  private readonly notice = inject(MatSnackBar);

  /** True when it was done. */
  async of(act: Observable<unknown>, done: string): Promise<boolean> {
    try {
      await firstValueFrom(act, { defaultValue: undefined });
      this.notice.open(done, 'Close', { duration: 5_000 });
      return true;
    } catch (failure) {
      this.notice.open(problemText(failure), 'Close', { duration: 12_000 });
      return false;
    }
  }
}
