import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { runCase } from '../../src/core/rule/case.js';

const folder = import.meta.dirname;

describe('routing cases', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
    const raw = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { name: string };
    it(raw.name, () => {
      const { explanation, warnings } = runCase(raw);
      expect(explanation).toEqual([]);
      expect(warnings).toEqual([]);
    });
  }
});
