import { describe, expect, it } from '@jest/globals';
import { csvLine } from './csv.js';

describe('a line for spreadsheets', () => {
  it('quotes what would break it', () => { expect(csvLine(['a,b', 'say "x"', 'two\nlines', 'plain'])).toBe('"a,b","say ""x""","two\nlines",plain\r\n'); });
  it('lets no text become a formula', () => { expect(csvLine(['=1+1', '+1', '-1', '@sum', '\tx', '=A1,2'])).toBe("'=1+1,'+1,'-1,'@sum,'\tx,\"'=A1,2\"\r\n"); });
  it('writes numbers as they are, nothing as nothing and the rest as JSON', () => { expect(csvLine([-1.5, null, undefined, { a: 1 }, true])).toBe('-1.5,,,"{""a"":1}",true\r\n'); });
});
