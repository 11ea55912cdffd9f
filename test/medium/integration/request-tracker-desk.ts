import { requestTracker } from '../../../src/adapter/preset/system/request-tracker.js';
import { FakeRequestTracker, part } from '../../support/fakes/request-tracker.js';
import type { Integration } from './integration.js';

/** Request Tracker with people in it; its history is polled. */
export class RequestTrackerDesk {
  readonly there = new FakeRequestTracker();

  static async connect(integration: Integration, id: string): Promise<RequestTrackerDesk> {
    const desk = new RequestTrackerDesk();
    await integration.connect(id, requestTracker, { auth: { type: 'header', name: 'Authorization', value: 'token secret' } }, (target) => desk.there.attachTo(target));
    return desk;
  }

  private now = (): { readonly Created: string } => ({ Created: new Date().toISOString().replace(/\.\d+/, '') });

  open(Subject: string, words: string): string {
    const id = String(this.there.tickets.length + 1);
    this.there.tickets.push({ id, Subject, Status: 'new', Priority: 50, ref: '', requestor: 'anna@itsm.test' });
    this.there.said('Create', words, { contentType: 'text/plain', ObjectId: id, ...this.now() });
    return id;
  }

  say(ObjectId: string, type: 'Correspond' | 'Comment', words: string, files: readonly (readonly [name: string, text: string])[] = []): void {
    this.there.said(type, words, { contentType: 'text/plain', ObjectId, files: files.map(([name, text]) => part(name, Buffer.from(text), 'text/plain')), ...this.now() });
  }

  move(ObjectId: string, Status: string): void {
    this.there.tickets.find(({ id }) => id === ObjectId)!.Status = Status;
    this.there.add({ Type: 'Status', Field: 'Status', NewValue: Status, ObjectId, ...this.now() });
  }

  /** What Parley said there. */
  told(ObjectId: string): string[] {
    return this.there.history.filter((one) => one.ObjectId === ObjectId && one.Creator === 'parley').map(({ Type, parts }) => `${Type}: ${parts[1]?.content.toString() ?? ''}`);
  }
}
