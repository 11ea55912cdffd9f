import { toolPage } from './tool-page';

describe('the page of a built-in ticket tool', () => {
  it('is on this server, whatever address the endpoint calls it by', () => {
    expect(toolPage({ adapter: 'sandbox', settings: { baseUrl: 'http://127.0.0.1:8080/sandbox/a' } })).toBe('/sandbox/a');
  });
  it.each([
    ['rest', 'https://x.example/sandbox/a'], ['sandbox', 'https://x.example/elsewhere'], ['sandbox', 'javascript:alert(1)'], ['sandbox', undefined],
  ])('is not guessed for %s at %s', (adapter, baseUrl) => { expect(toolPage({ adapter, settings: { baseUrl } })).toBeUndefined(); });
});
