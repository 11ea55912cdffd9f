import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { userAdd, userChange, userList, userRemove } from '../api/functions';
import type { NewUserView, UserView } from '../api/models';
import { injectApi } from '../http/api-resource';
import { formProblemText } from '../http/field-problems';
import { Outcome } from '../http/outcome';
import { pagedList } from '../http/paged-list';
import { Session } from '../session/session';
import { RowKeys } from '../keyboard/row-keys';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { Question } from '../ui/question';
import { ShownOnce } from '../ui/shown-once';
import { PEOPLE } from './administration.text';

type Role = UserView['role'];
const ROLES: readonly Role[] = ['administrator', 'integrator', 'operator', 'viewer', 'partner'];

/** Who belongs to the organization, and as what. */
@Component({
  selector: 'parley-people',
  imports: [Instant, ListFrame, PageHeader, RowKeys, ShownOnce],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './people.html',
  styleUrl: './administration.scss',
})
export class People {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly question = inject(Question);
  private readonly session = inject(Session);

  protected readonly text = PEOPLE;
  protected readonly roles = ROLES;
  protected readonly mayWrite = computed(() => this.session.may('users:write'));
  protected readonly ownEmail = computed(() => this.session.view()?.person.email);
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string | undefined>(undefined);
  protected readonly made = signal<NewUserView | undefined>(undefined);
  protected readonly list = pagedList<UserView, object>({
    params: signal({}), filtered: () => false, idOf: (person) => person.id,
    load: (_, cursor) => this.api(userList, { cursor, limit: 100 }),
  });

  protected add(event: Event, email: HTMLInputElement, name: HTMLInputElement, role: string): void {
    event.preventDefault();
    if (this.busy()) return;
    this.busy.set(true);
    this.refusal.set(undefined);
    this.api(userAdd, { body: { email: email.value.trim(), role: role as Role, ...(name.value.trim() === '' ? {} : { name: name.value.trim() }) } }).subscribe({
      next: (made) => { this.busy.set(false); this.made.set(made); email.value = ''; name.value = ''; this.list.reload(); },
      error: (failure: unknown) => { this.busy.set(false); this.refusal.set(formProblemText(failure, { '/email': PEOPLE.email, '/name': PEOPLE.name })); },
    });
  }

  /** The select shows the stored role again where it could not be changed. */
  protected async changeRole(person: UserView, select: HTMLSelectElement): Promise<void> {
    const role = select.value as Role;
    if (await this.outcome.of(this.api(userChange, { id: person.id, body: { role } }), PEOPLE.roleChanged(person.name, PEOPLE.roles[role].label))) this.list.reload();
    else select.value = person.role;
  }

  protected async remove(person: UserView): Promise<void> {
    const isSure = await this.question.ask({ title: PEOPLE.removeTitle(person.name), text: PEOPLE.removeText, act: PEOPLE.remove });
    if (isSure && (await this.outcome.of(this.api(userRemove, { id: person.id }), PEOPLE.removed))) this.list.reload();
  }
}
