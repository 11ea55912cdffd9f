import { Injectable, computed, inject } from '@angular/core';
import { endpointList } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { Session } from '../session/session';
import { HUES, hueOfId } from '../ui/system-hue';
import { toolPage } from './tool-page';
import type { Choice } from '../ui/choice-filter';

/** Names of the connected systems, for every screen that mentions one. Without the right to read them their ids stand for themselves. */
@Injectable({ providedIn: 'root' })
export class Systems {
  private readonly session = inject(Session);
  private readonly read = apiResource(endpointList, () => (this.session.may('endpoints:read') ? {} : undefined));
  private readonly page = latestOf(this.read);
  private readonly names = computed(() => new Map((this.page()?.items ?? []).map((endpoint) => [endpoint.id, endpoint.name])));

  /** Whether this person may know which systems there are: else nobody is asked to choose one. */
  readonly mayRead = computed(() => this.session.may('endpoints:read'));
  readonly choices = computed<readonly Choice[]>(() => [...this.names()].map(([value, label]) => ({ value, label })));

  /** Built-in ticket tools that one can try things with. */
  readonly tools = computed(() => (this.page()?.items ?? []).flatMap((endpoint) => {
    const page = toolPage(endpoint);
    return page === undefined ? [] : [{ name: endpoint.name, page }];
  }));

  /** The first six systems, by id, have a hue each. */
  hueOf(endpoint: string): number {
    const place = [...this.names().keys()].indexOf(endpoint);
    return place === -1 ? hueOfId(endpoint) : place % HUES;
  }

  /** Reads the names again: one was connected or renamed. */
  reload(): void {
    this.read.reload();
  }

  nameOf(endpoint: string): string {
    return this.names().get(endpoint) ?? endpoint;
  }
}
