import { TestBed } from '@angular/core/testing';
import { StateChip } from './state-chip';
import { stateWord } from './state-words';

// routing.md names them: every state that a message or a delivery can be in.
const STATES = ['RECEIVED', 'ROUTED', 'DROPPED', 'NO_ROUTE', 'DELAYED', 'ECHO', 'FILTERED', 'DUPLICATE', 'FAILED', 'QUEUED', 'SENDING', 'SENT', 'RETRYING', 'DEAD', 'HELD', 'CANCELLED', 'SKIPPED'];

describe('a state', () => {
  it.each(STATES)('%s has a word and a meaning of its own', (state) => {
    expect(stateWord(state).meaning).not.toBe('');
  });

  it('that is not known is shown calmly as it is', () => {
    expect(stateWord('HALF_DONE')).toMatchObject({ tone: 'calm', label: 'Half done' });
  });

  it('is told by word and sign, not by colour alone', async () => {
    const fixture = TestBed.createComponent(StateChip);
    fixture.componentRef.setInput('state', 'DEAD');
    await fixture.whenStable();
    const chip = fixture.nativeElement as HTMLElement;
    expect(chip.textContent.trim()).toBe('Dead');
    expect(chip.querySelector('svg')).not.toBeNull();
    expect(chip.classList.contains('tone-bad')).toBe(true);
  });
});
