import type { CheckDto } from '../api/models';

export const CHECK_STEPS = ['network', 'authentication', 'rights'] as const;

/** One of the three steps of a connection test; `null`: the test did not come to it. */
export interface CheckedStep {
  readonly step: (typeof CHECK_STEPS)[number];
  readonly ok: boolean | null;
  readonly message: string | undefined;
}

/** All three steps in their order, whatever the test came to. */
export function checkedSteps({ steps }: CheckDto): readonly CheckedStep[] {
  return CHECK_STEPS.map((step) => {
    const done = steps.find((one) => one.step === step);
    return { step, ok: done?.ok ?? null, message: done?.message };
  });
}
