import { expect } from '@jest/globals';

/** Looks through a whole result, bytes included, in every form in which a secret could stand there. */
export function expectNoSecret(result: unknown, secrets: readonly string[]): void {
  const shown = JSON.stringify(result, (_key, value: unknown) => (isBytes(value) ? Buffer.from(value.data).toString('latin1') : value)) ?? '';
  for (const secret of secrets) {
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      expect(shown.includes(form) || shown.includes(JSON.stringify(form).slice(1, -1))).toBe(false);
    }
    // as it stands in an Authorization header
    for (const [encoded] of shown.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)) expect(Buffer.from(encoded, 'base64').toString()).not.toContain(secret);
  }
}

const isBytes = (value: unknown): value is { data: number[] } => typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer' && Array.isArray((value as { data?: unknown }).data);
