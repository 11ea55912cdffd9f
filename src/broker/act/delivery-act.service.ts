import { Injectable } from '@nestjs/common';
import { AuditLog, type Principal } from '../../identity/index.js';
import { StageHub } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { LaneActStore } from '../../store/lane/lane-act.store.js';
import { Problem } from '../../web/index.js';
import { DELIVERY_ACTS, takeInHand, WAITING, type DeliveryAct, type DeliveryActName } from './delivery-act.js';

interface Wanted {
  readonly id: string;
  readonly action: string;
  /** For the audit log; no payloads. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What an operator wants sent instead; what is not named stays. */
export interface DeliveryEdit {
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly messageType?: string | undefined;
  readonly reason?: string | undefined;
}

/** What operators do with single deliveries. Every act is one transaction, under the lane's lock, and audited; one that changes nothing is neither refused nor audited. */
@Injectable()
export class DeliveryActs {
  constructor(private readonly database: Database, private readonly audit: AuditLog, private readonly hub: StageHub) {}

  /** Sends again, does without it, or stops its lane before it: `DELIVERY_ACTS` say how. */
  do(by: Principal, id: string, act: DeliveryActName): Promise<void> {
    return this.act(by, { id, action: `delivery.${act}`, details: {} }, DELIVERY_ACTS[act]);
  }

  /** Sends something else in its place; what it carried before is kept beside it. */
  edit(by: Principal, id: string, { attributes, messageType, reason }: DeliveryEdit): Promise<void> {
    if (attributes === undefined && messageType === undefined) throw Problem.invalid([{ pointer: '/attributes', detail: 'name what is to be sent instead' }]);
    const details = { ...(attributes === undefined ? {} : { attributes: Object.keys(attributes) }), ...(messageType === undefined ? {} : { messageType }), ...(reason === undefined ? {} : { reason }) };
    return this.act(by, { id, action: 'delivery.edit', details }, async (inHand) => {
      const { store, delivery } = inHand;
      if (delivery.blocked !== 'UNKNOWN_OUTCOME' && (await store.isOutcomeUnknown(id))) throw Problem.conflict('outcome-unknown', 'Nobody knows whether the target has it already: retry it as it is, which looks it up, before you send something else.');
      const stored = await store.body(id);
      if (stored === null) throw Problem.conflict('body-gone', 'What this delivery carried is not kept any more.');
      const body = JSON.parse(stored.toString()) as Record<string, unknown>;
      await DELIVERY_ACTS.retry(inHand);
      await store.keepBody(id, stored, { by: by.name, reason: reason ?? null });
      await store.replaceBody(id, Buffer.from(JSON.stringify({ ...body, ...(attributes === undefined ? {} : { attributes }), ...(messageType === undefined ? {} : { messageType }) })));
      return true;
    });
  }

  /** Says that the ticket exists: the create is done with, and what waits behind it goes to that ticket. */
  async link(by: Principal, id: string, ticketId: string): Promise<void> {
    await this.act(by, { id, action: 'delivery.link', details: { ticketId } }, async ({ store, delivery, isAhead }) => {
      if (delivery.operation !== 'CREATE' || !isAhead || (!WAITING.has(delivery.state) && delivery.state !== 'DEAD')) throw Problem.conflict('not-a-waiting-create', 'Only a create that was not sent can be linked to a ticket.');
      if (!(await store.adoptTicket(delivery, ticketId))) throw Problem.conflict('ticket-taken', `The ticket ${ticketId} belongs to another conversation.`);
      await store.setState(id, 'SKIPPED');
      await store.passDone(delivery);
      await store.unblock(delivery);
      await store.poke(delivery);
      return true;
    });
    this.hub.left('route');
  }

  private async act(by: Principal, { id, action, details }: Wanted, work: DeliveryAct): Promise<void> {
    await this.database.inOrganization(by.organization, async (manager) => {
      const inHand = await takeInHand(new LaneActStore(by.organization, manager), id);
      if (!(await work(inHand))) return;
      const { delivery } = inHand;
      await this.audit.record(manager, by.organization, by, action, id, { ...details, from: delivery.state, endpoint: delivery.endpoint, conversation: delivery.conversation });
    });
    this.hub.left('deliver');
  }
}
