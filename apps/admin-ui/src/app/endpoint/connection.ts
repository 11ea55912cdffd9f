import { ChangeDetectionStrategy, Component, DOCUMENT, computed, inject, input, output, signal } from '@angular/core';
import { connectionBegin, connectionDisconnect, connectionRead } from '../api/functions';
import { apiResource, injectApi } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { Outcome } from '../http/outcome';
import { problemText } from '../http/problem-text';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { Question } from '../ui/question';
import { StateChip } from '../ui/state-chip';
import { CONNECTION } from './connection.text';

const COLOURS = { none: 'HELD', connected: 'ACTIVE', refused: 'ERROR' } as const;

/** In whose name an endpoint works, and the way there; nothing where its settings ask for no person's consent. */
@Component({
  selector: 'parley-connection',
  imports: [CopyButton, Icon, Instant, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './connection.html',
  styleUrl: './connection.scss',
})
export class Connection {
  readonly endpointId = input.required<string>();
  readonly mayWrite = input(false);
  /** With what somebody came back from the system: `connected`, or the code of what went wrong. */
  readonly arrived = input<string>();
  /** The endpoint is to be read again. */
  readonly changed = output<void>();
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly question = inject(Question);
  private readonly document = inject(DOCUMENT);
  private readonly refused = computed(() => { const code = this.arrived(); return code === undefined || code === 'connected' ? undefined : code; });
  private readonly read = apiResource(connectionRead, () => { const refused = this.refused(); return { id: this.endpointId(), ...(refused === undefined ? {} : { refused }) }; });

  protected readonly text = CONNECTION;
  protected readonly connection = latestOf(this.read, this.endpointId);
  protected readonly chip = computed(() => { const state = this.connection()?.state ?? 'none'; return { colour: COLOURS[state], label: CONNECTION.states[state] }; });
  protected readonly busy = signal(false);
  protected readonly failure = signal<string | undefined>(undefined);

  /** Off to the system; the browser comes back to this page. */
  protected connect(): void {
    if (this.busy()) return;
    this.busy.set(true);
    this.failure.set(undefined);
    this.api(connectionBegin, { id: this.endpointId() }).subscribe({
      next: ({ url }) => { this.document.location.assign(url); },
      error: (failure: unknown) => { this.busy.set(false); this.failure.set(problemText(failure)); },
    });
  }

  protected async disconnect(): Promise<void> {
    const isSure = await this.question.ask({ title: CONNECTION.disconnectTitle, text: CONNECTION.disconnectText, act: CONNECTION.disconnect });
    if (!isSure || !(await this.outcome.of(this.api(connectionDisconnect, { id: this.endpointId() }), CONNECTION.disconnected))) return;
    this.read.reload();
    this.changed.emit();
  }
}
