import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { signInProviderChange, signInProviderCheck, signInProviderCreate, signInProviderList, signInProviderRemove } from '../api/functions';
import type { RoleOfValueDto, SignInProviderBody, SignInProviderCheckView, SignInProviderView } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { formProblemText } from '../http/field-problems';
import { latestOf } from '../http/latest';
import { Outcome } from '../http/outcome';
import { problemText } from '../http/problem-text';
import { failureOf } from '../http/screen-status';
import { Session } from '../session/session';
import { CopyButton } from '../ui/copy-button';
import { RowKeys } from '../keyboard/row-keys';
import { ListFrame } from '../ui/list-frame';
import { listStatus } from '../ui/list-status';
import { PageHeader } from '../ui/page-header';
import { Question } from '../ui/question';
import { StateChip } from '../ui/state-chip';
import { PEOPLE } from './administration.text';
import { readRoleMap, roleMapText } from './role-map';
import { PROVIDERS } from './sign-in-providers.text';

/** Who may say who the people of this organization are: added, tested, switched on and off. */
@Component({
  selector: 'parley-sign-in-providers',
  imports: [CopyButton, ListFrame, PageHeader, RowKeys, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sign-in-providers.html',
  styleUrls: ['./administration.scss', './sign-in-providers.scss'],
})
export class SignInProviders {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly question = inject(Question);
  private readonly session = inject(Session);
  private readonly read = apiResource(signInProviderList, () => ({}));
  private readonly page = latestOf(this.read);

  protected readonly text = PROVIDERS;
  protected readonly roles = Object.entries(PEOPLE.roles).map(([id, { label }]) => ({ id, label }));
  protected readonly mayWrite = computed(() => this.session.may('organizations:write'));
  protected readonly providers = computed(() => this.page()?.items ?? []);
  protected readonly failure = failureOf(this.read);
  protected readonly status = computed(() => listStatus({ loading: this.page() === undefined && this.failure() === undefined, failed: this.failure() !== undefined, count: this.providers().length, filtered: false }));
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string | undefined>(undefined);
  protected readonly edited = signal<SignInProviderView | undefined>(undefined);
  /** A form that was saved or left begins anew. */
  protected readonly round = signal(0);
  protected readonly tested = signal<(SignInProviderCheckView & { readonly id: string }) | undefined>(undefined);

  protected roleLabel(role: string | null | undefined): string { return PEOPLE.roles[role as keyof typeof PEOPLE.roles]?.label ?? PROVIDERS.byMap; }
  protected mapText(map: readonly RoleOfValueDto[]): string { return roleMapText(map); }
  protected reload(): void { this.read.reload(); }

  protected edit(provider: SignInProviderView | undefined): void {
    this.refusal.set(undefined);
    this.edited.set(provider);
    this.round.update((before) => before + 1);
  }

  protected async save(event: Event, form: HTMLFormElement): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    const edited = this.edited();
    const body = bodyOf(new FormData(form), edited?.enabled ?? true);
    if (typeof body === 'string') { this.refusal.set(body); return; }
    this.busy.set(true);
    this.refusal.set(undefined);
    try {
      await firstValueFrom(edited === undefined ? this.api(signInProviderCreate, { body }) : this.api(signInProviderChange, { id: edited.id, body }));
      this.edit(undefined);
      this.reload();
    } catch (failure) {
      this.refusal.set(formProblemText(failure, LABELS));
    } finally {
      this.busy.set(false);
    }
  }

  protected async toggle({ id, hasSecret: _, redirectUri: __, signedOutUri: ___, ...provider }: SignInProviderView): Promise<void> {
    const enabled = !provider.enabled;
    if (await this.outcome.of(this.api(signInProviderChange, { id, body: { ...provider, enabled } }), enabled ? PROVIDERS.switchedOn : PROVIDERS.switchedOff)) this.reload();
  }

  protected async test({ id }: SignInProviderView): Promise<void> {
    this.tested.set(undefined);
    this.tested.set(await firstValueFrom(this.api(signInProviderCheck, { id })).then((check) => ({ id, ...check }), (failure: unknown) => ({ id, ok: false, message: problemText(failure) })));
  }

  protected async remove({ id, name }: SignInProviderView): Promise<void> {
    if (!(await this.question.ask({ title: PROVIDERS.removeTitle(name), text: PROVIDERS.removeText, act: PROVIDERS.remove }))) return;
    if (!(await this.outcome.of(this.api(signInProviderRemove, { id }), PROVIDERS.removed))) return;
    if (this.edited()?.id === id) this.edit(undefined);
    this.reload();
  }
}

const LABELS: Readonly<Record<string, string>> = {
  '/name': PROVIDERS.name, '/issuer': PROVIDERS.issuer, '/clientId': PROVIDERS.clientId, '/clientSecret': PROVIDERS.clientSecret, '/scopes': PROVIDERS.scopes, '/defaultRole': PROVIDERS.defaultRole,
  '/roleClaim': PROVIDERS.roleClaim, '/emailDomains': PROVIDERS.domains,
};

/** What the form says; a sentence where its map of roles cannot be read. A secret that is not written stays as it is. */
function bodyOf(data: FormData, enabled: boolean): SignInProviderBody | string {
  const text = (name: string): string => String(data.get(name) ?? '').trim();
  const roles = readRoleMap(text('roleMap'));
  if ('wrong' in roles) return PROVIDERS.roleMapWrong(roles.wrong);
  const secret = String(data.get('clientSecret') ?? '');
  return {
    name: text('name'), issuer: text('issuer'), clientId: text('clientId'), ...(secret === '' ? {} : { clientSecret: secret }), ...(text('scopes') === '' ? {} : { scopes: text('scopes') }), enabled,
    emailDomains: text('emailDomains').split(',').map((one) => one.trim()).filter((one) => one !== ''), createsPeople: data.has('createsPeople'),
    defaultRole: text('defaultRole') === '' ? null : (text('defaultRole') as SignInProviderBody['defaultRole']), roleClaim: text('roleClaim') === '' ? null : text('roleClaim'), roleMap: roles.map,
  };
}
