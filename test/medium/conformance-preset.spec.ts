import { describe, expect, it } from '@jest/globals';
import { PRESETS } from '../../src/adapter/preset/presets.js';
import { presetConforms } from '../support/conformance-preset.js';
import { PRESET_SPECIMENS } from '../support/specimen/specimens.js';
import { useStand } from '../support/stand.js';

describe('the conformance suite', () => {
  it('has a specimen of every preset', () => {
    expect(PRESET_SPECIMENS.map(({ preset }) => preset.id).sort()).toEqual(PRESETS.map(({ id }) => id).sort());
  });
});

const stand = useStand();
for (const specimen of PRESET_SPECIMENS) presetConforms(specimen, stand);
