import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { type Observable, firstValueFrom } from 'rxjs';
import { proposalProposed, trialProposed, trialProposedOf } from '../api/functions';
import type { ProposedOperationDto, ProposedOperationsDto } from '../api/models';
import { injectApi } from '../http/api-resource';
import { problemText } from '../http/problem-text';
import { isObject } from '../schema-form/form-value';
import { Icon } from '../ui/icon';
import type { EndpointDraft } from './endpoint-draft';
import { WSDL } from './wsdl-calls.text';
import { PURPOSES, type Purpose, type TakenCall, likelyPurposes, withCalls } from './wsdl-draft';
import { xmlText } from './wsdl-file';

const MOST_BYTES = 1_048_576;

/** What was read, and where. */
interface Read extends ProposedOperationsDto {
  readonly from: string;
}

/** The calls that a service's WSDL describes, read at the service or from a file, to be taken over as calls of an entity type. */
@Component({
  selector: 'parley-wsdl-calls',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './wsdl-calls.html',
  styleUrl: './wsdl-calls.scss',
})
export class WsdlCalls {
  private readonly api = injectApi();
  /** Absent: it is being made, and there is no service to read at yet. */
  readonly endpointId = input<string>();
  readonly draft = input.required<EndpointDraft>();
  /** The draft with the calls in it. */
  readonly changed = output<EndpointDraft>();

  protected readonly text = WSDL;
  protected readonly purposes = PURPOSES;
  protected readonly busy = signal(false);
  protected readonly failure = signal<string | undefined>(undefined);
  protected readonly read = signal<Read | undefined>(undefined);
  protected readonly done = signal<string | undefined>(undefined);
  private readonly chosen = signal<ReadonlyMap<string, Purpose>>(new Map());
  protected readonly taken = computed<readonly TakenCall[]>(() => (this.read()?.operations ?? []).flatMap((operation) => { const purpose = this.chosen().get(operation.name); return purpose === undefined ? [] : [{ operation, purpose }]; }));
  /** What two calls are taken as. */
  protected readonly twice = computed(() => PURPOSES.find((purpose) => this.taken().filter((one) => one.purpose === purpose).length > 1));
  protected readonly entityTypes = computed<readonly string[]>(() => {
    const types = this.draft().entityTypes;
    return Array.isArray(types) ? types.flatMap((type: unknown) => (isObject(type) && typeof type['name'] === 'string' && type['name'] !== '' ? [type['name']] : [])) : [];
  });

  protected readAt(at: string): void {
    const id = this.endpointId();
    if (id !== undefined) void this.take(WSDL.service, this.api(trialProposed, { id, ...(at.trim() === '' ? {} : { at: at.trim() }) }));
  }

  protected async readFile({ files }: HTMLInputElement): Promise<void> {
    const file = files?.[0];
    if (file === undefined) return;
    this.begin();
    if (file.size > MOST_BYTES) this.failure.set(WSDL.tooLarge);
    else await this.takeText(file.name, await xmlText(file));
  }

  protected readPasted(document: string): void {
    if (document.length > MOST_BYTES) this.failure.set(WSDL.tooLarge);
    else if (document.trim() !== '') void this.takeText(WSDL.pasted, document);
  }

  protected purposeOf({ name }: ProposedOperationDto): Purpose | undefined { return this.chosen().get(name); }

  protected choose({ name }: ProposedOperationDto, purpose: string): void {
    this.chosen.update((before) => {
      const after = new Map(before);
      const found = PURPOSES.find((one) => one === purpose);
      if (found === undefined) after.delete(name);
      else after.set(name, found);
      return after;
    });
  }

  protected takeOver(entityType: string): void {
    const read = this.read();
    const name = entityType.trim();
    if (read === undefined || name === '' || this.taken().length === 0 || this.twice() !== undefined) return;
    this.changed.emit(withCalls(this.draft(), name, read, this.taken()));
    this.done.set(WSDL.taken(this.taken().length, name));
    this.read.set(undefined);
  }

  private takeText(from: string, document: string): Promise<void> {
    const id = this.endpointId();
    return this.take(from, id === undefined ? this.api(proposalProposed, { kind: this.draft().adapter, body: { document } }) : this.api(trialProposedOf, { id, body: { document } }));
  }

  private begin(): void {
    this.failure.set(undefined);
    this.done.set(undefined);
    this.read.set(undefined);
  }

  private async take(from: string, asked: Observable<ProposedOperationsDto>): Promise<void> {
    if (this.busy()) return;
    this.begin();
    this.busy.set(true);
    try {
      const found = await firstValueFrom(asked);
      this.read.set({ ...found, from });
      this.chosen.set(likelyPurposes(found.operations));
    } catch (problem) {
      this.failure.set(problemText(problem));
    } finally {
      this.busy.set(false);
    }
  }
}
