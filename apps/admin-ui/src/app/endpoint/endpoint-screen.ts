import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { toolPage } from '../system/tool-page';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { JsonView } from '../ui/json-view';
import { PageHeader } from '../ui/page-header';
import { ScreenFrame } from '../ui/screen-frame';
import { StateChip } from '../ui/state-chip';
import { CheckSteps } from './check-steps';
import { Connection } from './connection';
import { Credentials } from './credentials';
import { EndpointStore } from './endpoint-store';
import { entityTypeFacts } from './entity-type-facts';
import { DISCOVERY } from './discovery.text';
import { EDITOR, ENDPOINT } from './endpoint.text';
import { Maintenance } from './maintenance';
import { Polling } from './polling';
import { PresetMove } from './preset-move';
import { RecentCalls } from './recent-calls';
import { REFUSED, refusalWords } from './refused.text';
import { SuppressedAddresses } from './suppressed-addresses';

/** One connected system: how it is, where it sends its messages to, what it is set to. */
@Component({
  selector: 'parley-endpoint-screen',
  imports: [CheckSteps, Connection, CopyButton, Credentials, Icon, Instant, JsonView, Maintenance, PageHeader, Polling, PresetMove, RecentCalls, RouterLink, ScreenFrame, StateChip, SuppressedAddresses],
  providers: [EndpointStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './endpoint-screen.html',
  styleUrl: './endpoint-screen.scss',
})
export class EndpointScreen {
  private readonly store = inject(EndpointStore);
  private readonly router = inject(Router);
  readonly endpointId = input.required<string>();
  /** Of the address: with what somebody came back from the system that was to be connected. */
  readonly connection = input<string>();

  protected readonly text = ENDPOINT;
  protected readonly editText = EDITOR;
  protected readonly discoveryText = DISCOVERY;
  protected readonly refusedText = REFUSED;
  protected readonly refusalWords = refusalWords;
  protected readonly mayWrite = this.store.mayWrite;
  protected readonly addresses = computed(() => (this.endpoint()?.inboundAddresses ?? []).map((address) => this.absolute(address.url)));
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;
  protected readonly endpoint = this.store.endpoint;
  protected readonly health = this.store.health;
  protected readonly lastRefusal = this.store.lastRefusal;
  protected readonly mayOperate = this.store.mayOperate;
  protected readonly checking = this.store.checking;
  protected readonly checkResult = computed(() => { const check = this.store.check(); return typeof check === 'object' ? check : undefined; });
  protected readonly checkFailure = computed(() => { const check = this.store.check(); return typeof check === 'string' ? check : undefined; });
  protected readonly toolPage = computed(() => { const endpoint = this.endpoint(); return endpoint === undefined ? undefined : toolPage(endpoint); });
  protected readonly types = computed(() => (this.endpoint()?.entityTypes ?? []).map(entityTypeFacts));

  constructor() {
    effect(() => { this.store.show(this.endpointId()); });
  }

  /** The server may not know its public address; then it is the one this page came from. */
  protected absolute(url: string): string {
    return new URL(url, document.baseURI).href;
  }

  protected reload(): void { this.store.reload(); }
  protected suspend(): void { void this.store.suspend(); }
  protected resume(): void { void this.store.resume(); }
  protected async remove(name: string): Promise<void> { if (await this.store.remove(name)) await this.router.navigateByUrl('/endpoints'); }
  protected testConnection(): void { this.store.testConnection(); }
}
