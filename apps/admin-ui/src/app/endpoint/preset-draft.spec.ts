import { describe, expect, it } from 'vitest';
import type { PresetDto } from '../api/models';
import { blankText, blanksOf, draftOfPreset, unfilled, withBlank } from './preset-draft';

const PRESET = {
  id: 'servicenow', title: 'Service Now!', adapter: 'rest', description: '', lastChecked: '', page: '', polling: {}, testedAgainst: 'documentation', values: {}, version: 1,
  blanks: [{ pointer: '/settings/baseUrl', label: 'Address', isSecret: false }, { pointer: '/settings/auth/password', label: 'Password', isSecret: true }, { pointer: '/entityTypes/0/poll/table', label: 'Table', isSecret: false }],
  endpoint: { name: 'x', adapter: 'rest', settings: { baseUrl: 'https://example.service-now.com', auth: { type: 'basic', username: 'bot', password: 'put it here' } }, entityTypes: [{ name: 'incident', poll: { table: 'incident' } }] },
} as unknown as PresetDto;

describe('an endpoint that begins with a preset', () => {
  it('has everything but its blanks, whose examples are told', () => {
    expect(draftOfPreset(PRESET)).toEqual({ id: 'service-now', name: 'Service Now!', adapter: 'rest', settings: { auth: { type: 'basic', username: 'bot' } }, entityTypes: [{ name: 'incident', poll: {} }], preset: { id: 'servicenow', version: 1 } });
    expect(blanksOf(PRESET).map(({ example }) => example)).toEqual(['https://example.service-now.com', '', 'incident']);
  });

  it('is filled in blank by blank', () => {
    const draft = withBlank(withBlank(draftOfPreset(PRESET), '/settings/auth/password', 'p'), '/entityTypes/0/poll/table', 'problem');
    expect(draft).toMatchObject({ settings: { auth: { type: 'basic', username: 'bot', password: 'p' } }, entityTypes: [{ name: 'incident', poll: { table: 'problem' } }] });
    expect(blankText(draft, '/settings/auth/password')).toBe('p');
    expect(unfilled(draft, PRESET.blanks).map(({ pointer }) => pointer)).toEqual(['/settings/baseUrl']);
  });
});
