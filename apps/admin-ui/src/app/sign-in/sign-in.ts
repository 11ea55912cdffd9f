import { HttpErrorResponse } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router } from '@angular/router';
import { signInChoices } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { problemText } from '../http/problem-text';
import { Session } from '../session/session';
import { Icon } from '../ui/icon';
import { safeNext } from './safe-next';
import { SIGN_IN } from './sign-in.text';

@Component({
  selector: 'parley-sign-in',
  imports: [FormsModule, Icon, MatButton, MatFormField, MatInput, MatLabel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sign-in.html',
  styleUrl: './sign-in.scss',
})
export class SignIn {
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  /** Where the person wanted to go. */
  readonly next = input<string>();
  /** Whose people sign in here; without it, those of the default organization. */
  readonly organization = input<string>();
  /** Why a sign-in provider did not let somebody in. */
  readonly refused = input<string>();
  /** Set when the server could not be asked who this is. */
  readonly away = input<string>();

  private readonly choicesRead = apiResource(signInChoices, () => ({ organization: this.organization(), refused: this.refused() }));
  private readonly choicesPage = latestOf(this.choicesRead);

  protected readonly text = SIGN_IN;
  /** Ways in besides a password. */
  protected readonly choices = computed(() => (this.choicesPage()?.items ?? []).map(({ name, startUrl }) => ({ name, href: `${startUrl}?next=${encodeURIComponent(safeNext(this.next()))}` })));
  protected readonly email = signal('');
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  private readonly refusal = signal<string | undefined>(undefined);
  private readonly tried = signal(false);
  protected readonly failure = computed(() => this.refusal() ?? (this.tried() ? undefined : this.away() === undefined ? (this.choicesPage()?.problem ?? undefined) : SIGN_IN.away));

  protected async signIn(): Promise<void> {
    if (this.busy() || this.email() === '' || this.password() === '') return;
    this.busy.set(true);
    this.tried.set(true);
    this.refusal.set(undefined);
    try {
      await this.session.signIn(this.email(), this.password());
      await this.router.navigateByUrl(safeNext(this.next()));
    } catch (failure) {
      this.refusal.set(failure instanceof HttpErrorResponse && failure.status === 401 ? SIGN_IN.refused : problemText(failure));
    } finally {
      this.busy.set(false);
    }
  }
}
