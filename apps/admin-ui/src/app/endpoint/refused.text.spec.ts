import { refusalWords } from './refused.text';

describe('a refused request', () => {
  it('is told by its code, else by what it was answered, else as one that cannot be read; with what to do', () => {
    const titles = [{ code: 'signature-wrong', status: 401 }, { code: '', status: 403 }, { code: 'something-new', status: 400 }].map((one) => refusalWords(one));
    expect(titles.map(({ title }) => title)).toEqual(['Signed with another secret', 'Its sender is not let in', 'It cannot be read']);
    expect(titles.every(({ advice }) => advice.length > 20)).toBe(true);
  });
});
