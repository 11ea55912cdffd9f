import { beforeEach, describe, expect, it } from '@jest/globals';
import { AlertChangesSince, type Condition, type OpenAlert } from './alert-changes.js';

const condition = (kind: string, subject = 'b', organization = 'o'): Condition => ({ organization, kind, subject, detail: 'it is so', count: 1, since: new Date(0) });
const alert = (kind: string, subject = 'b', organization = 'o'): OpenAlert => ({ id: `${kind}-${subject}`, organization, kind, subject });

describe('the changes of what somebody should know', () => {
  let changes: AlertChangesSince;

  beforeEach(() => { changes = new AlertChangesSince(); });

  it('raises what is new and needs no second look', () => {
    expect(changes.look([], [condition('dead-deliveries')], 0)).toEqual({ raised: [condition('dead-deliveries')], resolved: [] });
  });

  it('says nothing of what is still as it was', () => {
    expect(changes.look([alert('dead-deliveries')], [condition('dead-deliveries')], 0)).toEqual({ raised: [], resolved: [] });
  });

  it('waits with what may pass by itself, counted from when it was first seen', () => {
    const down = condition('target-down');
    expect(changes.look([], [down], 1_000).raised).toEqual([]);
    expect(changes.look([], [down], 30_999).raised).toEqual([]);
    expect(changes.look([], [down], 31_000).raised).toEqual([down]);
  });

  it('says nothing of what is muted, neither its beginning nor its end, and counts anew afterwards', () => {
    const [down, open] = [condition('target-down'), alert('target-down')];
    const quiet = { ...down, isMuted: true };
    changes.look([], [down], 0);
    expect(changes.look([], [quiet], 100_000)).toEqual({ raised: [], resolved: [] });
    expect(changes.look([open], [quiet], 200_000)).toEqual({ raised: [], resolved: [] });
    expect(changes.look([], [down], 300_000).raised).toEqual([]);
    expect(changes.look([], [down], 330_000).raised).toEqual([down]);
  });

  it('begins to count anew after it was away', () => {
    const down = condition('target-down');
    changes.look([], [down], 0);
    changes.look([], [], 20_000);
    expect(changes.look([], [down], 40_000).raised).toEqual([]);
    expect(changes.look([], [down], 70_000).raised).toEqual([down]);
  });

  it('resolves what is away at once where it cannot come back by itself', () => {
    changes.look([alert('credentials')], [condition('credentials')], 0);
    expect(changes.look([alert('credentials')], [], 1)).toEqual({ raised: [], resolved: [alert('credentials')] });
  });

  it('resolves what flaps only after it was quiet', () => {
    const [down, open] = [condition('target-down'), alert('target-down')];
    changes.look([open], [down], 0);
    expect(changes.look([open], [], 30_000).resolved).toEqual([]);
    expect(changes.look([open], [down], 50_000)).toEqual({ raised: [], resolved: [] });
    expect(changes.look([open], [], 100_000).resolved).toEqual([]);
    expect(changes.look([open], [], 110_000).resolved).toEqual([open]);
  });

  it('after a restart waits its time before it resolves what it never saw', () => {
    const open = alert('target-down');
    expect(changes.look([open], [], 5).resolved).toEqual([]);
    expect(changes.look([open], [], 60_005).resolved).toEqual([open]);
  });

  it('keeps subjects and organizations apart', () => {
    const seen = [condition('loop', ''), condition('dead-deliveries', 'c'), condition('dead-deliveries', 'b', 'other')];
    expect(changes.look([alert('dead-deliveries', 'b'), alert('dead-deliveries', 'c')], seen, 0)).toEqual({ raised: [seen[0], seen[2]], resolved: [alert('dead-deliveries', 'b')] });
  });

  it('resolves kinds that no longer exist', () => {
    expect(changes.look([alert('of-an-older-version')], [], 0).resolved).toHaveLength(1);
  });
});
