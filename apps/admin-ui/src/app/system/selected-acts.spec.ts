import { describe, expect, it } from 'vitest';
import { actsOnDeliveries, actsOnMessages } from './selected-acts';

describe('what can be done to what is selected', () => {
  it('is about those deliveries that allow it', () => {
    expect(actsOnDeliveries([{ id: 'dead', state: 'DEAD' }, { id: 'queued', state: 'QUEUED' }, { id: 'sent', state: 'SENT' }])).toEqual([
      { action: 'delivery.retry', ids: ['dead'] }, { action: 'delivery.hold', ids: ['queued'] }, { action: 'delivery.skip', ids: ['dead', 'queued'] },
    ]);
  });

  it('is nothing where all is done', () => {
    expect(actsOnDeliveries([{ id: 'sent', state: 'SENT' }])).toEqual([]);
    expect(actsOnMessages([{ id: 'm', state: 'ROUTED', deliveries: [] }])).toEqual([]);
  });

  it('is, of messages, to try again what failed, and to act on what waits of the others', () => {
    expect(actsOnMessages([{ id: 'bad', state: 'FAILED', deliveries: [] }, { id: 'fine', state: 'ROUTED', deliveries: [{ id: 'dead', state: 'DEAD' }] }])).toEqual([
      { action: 'message.retry', ids: ['bad'] }, { action: 'delivery.retry', ids: ['dead'] }, { action: 'delivery.skip', ids: ['dead'] },
    ]);
  });
});
