import { proposedEnds } from './template-ends';

const end = (name: string, adapters?: string[]) => ({ name, title: '', kind: 'endpoint' as const, ...(adapters === undefined ? {} : { adapters }) });
const SYSTEMS = [{ id: 'sandbox', adapter: 'sandbox' }, { id: 'mail', adapter: 'mail' }, { id: 'jira', adapter: 'rest' }];

describe('the ends of a template', () => {
  it('are the oldest systems where any will do', () => {
    expect(proposedEnds({ parameters: [end('source'), end('target')] }, SYSTEMS)).toEqual(['sandbox', 'mail']);
  });

  it('are systems of the kind that its rules are for', () => {
    expect(proposedEnds({ parameters: [end('source', ['mail']), end('target', ['rest', 'soap'])] }, SYSTEMS)).toEqual(['mail', 'jira']);
  });

  it('are none where one system would have to be both', () => {
    expect(proposedEnds({ parameters: [end('source', ['rest']), end('target', ['rest'])] }, SYSTEMS)).toBeUndefined();
  });
});
