import { Injectable, computed, inject } from '@angular/core';
import { conversationActRelease, delayedActCancel, delayedActRelease, deliveryActEdit, deliveryActRetry, deliveryActSkip, deliveryShow, laneActHold, laneActRetry, laneActSkip, messageActRetry } from '../api/functions';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import type { DeliverySummary } from '../api/models';
import { injectApi } from '../http/api-resource';
import { Outcome } from '../http/outcome';
import { Session } from '../session/session';
import { Question } from '../ui/question';
import { ACTS } from './delivery-acts.text';
import { EditDelivery, type DeliveryToEdit, type EditedDelivery } from './edit-delivery';

/** A lane to one ticket. */
export interface LanePlace {
  readonly id: string;
  readonly endpoint: string;
  readonly entityType: string;
}

const ACTABLE: readonly DeliverySummary['state'][] = ['DEAD', 'HELD', 'RETRYING'];

/** An operator's hand on what is under way; each act says how it went and tells whether it was done. */
@Injectable({ providedIn: 'root' })
export class DeliveryActs {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly question = inject(Question);
  private readonly session = inject(Session);
  private readonly dialog = inject(MatDialog);

  readonly mayAct = computed(() => this.session.may('deliveries:write'));

  /** Whether there is something to decide about a delivery, and this person may. */
  isActable({ state }: Pick<DeliverySummary, 'state'>): boolean {
    return this.mayAct() && ACTABLE.includes(state);
  }

  retry({ id }: Pick<DeliverySummary, 'id'>): Promise<boolean> {
    return this.outcome.of(this.api(deliveryActRetry, { id }), ACTS.retried);
  }

  async skip({ id, operation }: Pick<DeliverySummary, 'id' | 'operation'>): Promise<boolean> {
    const isSure = await this.question.ask({ title: ACTS.skipTitle, text: operation === 'CREATE' ? ACTS.skipCreate : ACTS.skipUpdate, act: ACTS.skip });
    return isSure && this.outcome.of(this.api(deliveryActSkip, { id }), ACTS.skipped);
  }

  /** Lets somebody change what it carries, then sends it. */
  async edit({ id }: Pick<DeliverySummary, 'id'>): Promise<boolean> {
    const { attributes } = await firstValueFrom(this.api(deliveryShow, { id }));
    const edited = await firstValueFrom(this.dialog.open<EditDelivery, DeliveryToEdit, EditedDelivery>(EditDelivery, { data: { attributes }, width: '640px' }).afterClosed(), { defaultValue: undefined });
    if (edited === undefined) return false;
    return this.outcome.of(this.api(deliveryActEdit, { id, body: { attributes: edited.attributes, ...(edited.reason === '' ? {} : { reason: edited.reason }) } }), ACTS.edited);
  }

  retryLane(lane: LanePlace): Promise<boolean> {
    return this.outcome.of(this.api(laneActRetry, lane), ACTS.laneRetried);
  }

  holdLane(lane: LanePlace): Promise<boolean> {
    return this.outcome.of(this.api(laneActHold, lane), ACTS.laneHeld);
  }

  async skipLane(lane: LanePlace): Promise<boolean> {
    const isSure = await this.question.ask({ title: ACTS.laneSkipTitle, text: ACTS.laneSkipText, act: ACTS.laneSkip });
    return isSure && this.outcome.of(this.api(laneActSkip, lane), ACTS.laneSkipped);
  }

  /** Tries a failed message again: only what failed of it. */
  retryMessage(id: string): Promise<boolean> {
    return this.outcome.of(this.api(messageActRetry, { id }), ACTS.retriedMessage);
  }

  releaseDelayed(id: string): Promise<boolean> {
    return this.outcome.of(this.api(delayedActRelease, { id }), ACTS.released);
  }

  async cancelDelayed(id: string): Promise<boolean> {
    const isSure = await this.question.ask({ title: ACTS.cancelTitle, text: ACTS.cancelText, act: ACTS.cancel });
    return isSure && this.outcome.of(this.api(delayedActCancel, { id }), ACTS.cancelled);
  }

  releaseConversation(id: string): Promise<boolean> {
    return this.outcome.of(this.api(conversationActRelease, { id }), ACTS.goesOn);
  }
}
