import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { credentialGenerate, credentialList, credentialRemove } from '../api/functions';
import type { CredentialDto, GeneratedCredentialDto } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { Outcome } from '../http/outcome';
import { problemText } from '../http/problem-text';
import { failureOf } from '../http/screen-status';
import { Session } from '../session/session';
import { Instant } from '../ui/instant';
import { Question } from '../ui/question';
import { ShownOnce, type ShownOnceLine } from '../ui/shown-once';
import { CREDENTIALS } from './endpoint.text';

type Kind = GeneratedCredentialDto['kind'];

/** Inbound credentials of an endpoint: which there are, a new one that is shown once, and revoking. */
@Component({
  selector: 'parley-credentials',
  imports: [Instant, ShownOnce],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './credentials.html',
  styleUrl: './credentials.scss',
})
export class Credentials {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly question = inject(Question);
  private readonly session = inject(Session);
  readonly endpointId = input.required<string>();
  /** Inbound addresses, absolute. */
  readonly addresses = input<readonly string[]>([]);

  private readonly read = apiResource(credentialList, () => ({ id: this.endpointId() }));
  private readonly page = latestOf(this.read, this.endpointId);
  protected readonly text = CREDENTIALS;
  protected readonly kinds: readonly Kind[] = ['basic', 'bearer', 'url'];
  protected readonly items = computed(() => this.page()?.items);
  protected readonly failure = failureOf(this.read);
  protected readonly mayWrite = computed(() => this.session.may('endpoints:write'));
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string | undefined>(undefined);
  protected readonly made = signal<GeneratedCredentialDto | undefined>(undefined);
  protected readonly lines = computed(() => { const made = this.made(); return made === undefined ? [] : linesOf(made, this.addresses()); });

  protected generate(event: Event, kind: string, label: HTMLInputElement): void {
    event.preventDefault();
    if (this.busy()) return;
    this.busy.set(true);
    this.refusal.set(undefined);
    this.api(credentialGenerate, { id: this.endpointId(), body: { kind: kind as Kind, ...(label.value.trim() === '' ? {} : { label: label.value.trim() }) } }).subscribe({
      next: (made) => { this.busy.set(false); label.value = ''; this.made.set(made); this.read.reload(); },
      error: (failure: unknown) => { this.busy.set(false); this.refusal.set(problemText(failure)); },
    });
  }

  protected async revoke({ id }: CredentialDto): Promise<void> {
    const isSure = await this.question.ask({ title: CREDENTIALS.revokeTitle, text: CREDENTIALS.revokeText, act: CREDENTIALS.revoke });
    if (!isSure || !(await this.outcome.of(this.api(credentialRemove, { id: this.endpointId(), credential: id }), CREDENTIALS.revoked))) return;
    if (this.made()?.id === id) this.made.set(undefined);
    this.read.reload();
  }
}

/** What to copy into the other system. */
export function linesOf({ kind, username, secret }: GeneratedCredentialDto, addresses: readonly string[]): readonly ShownOnceLine[] {
  if (kind === 'url') return addresses.length === 0 ? [{ label: CREDENTIALS.secret, value: secret }] : addresses.map((address) => ({ label: CREDENTIALS.address, value: withToken(address, secret) }));
  return [...(username === null ? [] : [{ label: CREDENTIALS.username, value: username }]), { label: CREDENTIALS.secret, value: secret }];
}

function withToken(address: string, token: string): string {
  const url = new URL(address);
  url.searchParams.set('token', token);
  return url.href;
}
