import { conditionInWords, expectedInWords, operatorWords } from './operator-words';

describe('a condition that the server wrote', () => {
  it.each([
    ['caller.email ENDS_WITH @acme.example', 'caller.email ends with @acme.example'],
    ['work_notes NOT_BLANK', 'work_notes is not blank'],
    ['retries LESS_THAN_OR_EQUALS 10', 'retries is at most 10'],
    ['state EQUALS NOT EQUALS', 'state is NOT EQUALS'],
    ['no operator here', 'no operator here'],
  ])('%s reads: %s', (written, words) => { expect(conditionInWords(written)).toBe(words); });

  it('says that none of its values is wanted where it denies them', () => {
    expect(expectedInWords('event NOT_EQUALS a, b', 'a, b')).toBe('none of a, b');
    expect(expectedInWords('event EQUALS a, b', 'a, b')).toBe('a, b');
    expect(expectedInWords('comment NOT_BLANK', 'has a value that is not blank')).toBe('has a value that is not blank');
  });

  it('keeps an operator that is not known', () => { expect(operatorWords('SOUNDS_LIKE')).toBe('sounds like'); });
});
