import { Injectable, computed, inject, signal } from '@angular/core';
import { endpointRead, ruleEditingAttributes, trialDiscovery } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf, screenStatus } from '../http/screen-status';
import { Session } from '../session/session';
import { knownFields } from './known-fields';

/** What is known of an endpoint's entity types: asked of the system, and read from recent messages. */
@Injectable()
export class DiscoveryStore {
  private readonly session = inject(Session);
  private readonly wanted = signal<{ readonly id: string; readonly entityType: string | undefined } | undefined>(undefined);
  private readonly id = computed(() => this.wanted()?.id);
  private readonly readEndpoint = apiResource(endpointRead, () => { const id = this.id(); return id === undefined ? undefined : { id }; });
  private readonly readTypes = apiResource(trialDiscovery, () => { const id = this.id(); return id === undefined || !this.mayAsk() ? undefined : { id }; });

  readonly mayAsk = computed(() => this.session.may('endpoints:operate'));
  readonly maySee = computed(() => this.session.may('rules:write'));
  readonly endpoint = latestOf(this.readEndpoint, this.id);
  readonly status = screenStatus(this.readEndpoint, this.endpoint);
  readonly failure = failureOf(this.readEndpoint);
  private readonly foundTypes = latestOf(this.readTypes, this.id);

  /** Those that are set up first, then those that are only in the system. */
  readonly types = computed(() => {
    const own = (this.endpoint()?.entityTypes ?? []).map(({ name }) => name);
    const others = (this.foundTypes()?.entityTypes ?? []).filter((name) => !own.some((one) => one.toLowerCase() === name.toLowerCase())).sort();
    return [...own.map((name) => ({ name, isConfigured: true })), ...others.map((name) => ({ name, isConfigured: false }))];
  });
  readonly entityType = computed(() => this.wanted()?.entityType ?? this.types()[0]?.name);
  private readonly place = computed(() => { const [id, entityType] = [this.id(), this.entityType()]; return id === undefined || entityType === undefined ? undefined : JSON.stringify([id, entityType]); });

  private readonly readFields = apiResource(trialDiscovery, () => { const [id, entityType] = placeOf(this.place()); return id === undefined || !this.mayAsk() ? undefined : { id, entityType }; });
  private readonly readSeen = apiResource(ruleEditingAttributes, () => { const [source, sourceEntityType] = placeOf(this.place()); return source === undefined || !this.maySee() ? undefined : { source, sourceEntityType }; });
  private readonly found = latestOf(this.readFields, this.place);
  private readonly seen = latestOf(this.readSeen, this.place);

  private readonly fieldsFailure = failureOf(this.readFields);
  private readonly typesFailure = failureOf(this.readTypes);

  readonly fields = computed(() => knownFields(this.found()?.attributes ?? [], this.seen()?.source ?? []));
  readonly from = computed(() => this.found()?.from);
  /** Why the system did not say what it has. */
  readonly refusal = computed(() => this.fieldsFailure() ?? this.typesFailure());
  readonly isAsking = computed(() => this.readFields.isLoading() || this.readTypes.isLoading());
  readonly isReading = computed(() => (this.isAsking() && this.found() === undefined) || (this.readSeen.isLoading() && this.seen() === undefined));

  show(id: string, entityType: string | undefined): void {
    this.wanted.set({ id, entityType });
  }

  reload(): void {
    this.readEndpoint.reload();
    this.ask();
  }

  ask(): void {
    this.readTypes.reload();
    this.readFields.reload();
    this.readSeen.reload();
  }
}

const placeOf = (place: string | undefined): readonly [id: string | undefined, entityType: string | undefined] => (place === undefined ? [undefined, undefined] : JSON.parse(place) as [string, string]);
