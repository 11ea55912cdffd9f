import { TestBed } from '@angular/core/testing';
import type { EndpointDto, TemplateSummaryDto } from '../api/models';
import { TemplateChoice, type TemplateUse } from './template-choice';

const endpoint = (id: string, adapter: string): EndpointDto => ({ id, name: id, adapter }) as unknown as EndpointDto;
const end = (name: string, adapters?: string[]) => ({ name, title: name, kind: 'endpoint' as const, ...(adapters === undefined ? {} : { adapters }) });
const TEMPLATES: TemplateSummaryDto[] = [
  { id: 'any', title: 'Any two', description: '', parameters: [end('source'), end('target')] },
  { id: 'alerts', title: 'Alerts', description: '', parameters: [end('source', ['mail']), end('target', ['rest']), { name: 'group', title: 'Group', kind: 'text', default: '' }, { name: 'tells', title: 'Tells', kind: 'boolean', default: true }, { name: 'most', title: 'Most', kind: 'number', default: 3 }] },
];

function choosing(endpoints: readonly EndpointDto[]): { readonly page: HTMLElement; readonly used: TemplateUse[]; readonly settle: () => Promise<void> } {
  const fixture = TestBed.createComponent(TemplateChoice);
  fixture.componentRef.setInput('templates', TEMPLATES);
  fixture.componentRef.setInput('endpoints', endpoints);
  const used: TemplateUse[] = [];
  fixture.componentInstance.used.subscribe((use) => used.push(use));
  return { page: fixture.nativeElement as HTMLElement, used, settle: () => fixture.whenStable() };
}

describe('the choice of a template', () => {
  it('offers those that the systems fit', async () => {
    const { page, settle } = choosing([endpoint('a', 'sandbox'), endpoint('b', 'sandbox')]);
    await settle();
    expect([...page.querySelectorAll<HTMLInputElement>('[type=radio]')].map(({ value }) => value)).toEqual(['any']);
  });

  it('proposes fitting systems, and gives texts, numbers and ticks as what they are', async () => {
    const { page, used, settle } = choosing([endpoint('desk', 'rest'), endpoint('box', 'mail')]);
    await settle();
    page.querySelector<HTMLInputElement>('[value=alerts]')!.click();
    await settle();
    page.querySelector<HTMLInputElement>('[type=checkbox]')!.click();
    page.querySelector('form')!.dispatchEvent(new Event('submit'));
    expect(used).toEqual([{ template: 'alerts', parameters: { source: 'box', target: 'desk', group: '', tells: false, most: 3 } }]);
  });
});
