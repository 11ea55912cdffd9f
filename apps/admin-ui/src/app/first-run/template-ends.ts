import type { EndpointDto, TemplateParameterDto, TemplateSummaryDto } from '../api/models';

type System = Pick<EndpointDto, 'id' | 'adapter'>;

/** The parameters of a template that name systems. */
export const endsOf = (template: Pick<TemplateSummaryDto, 'parameters'> | undefined): readonly TemplateParameterDto[] => (template?.parameters ?? []).filter((one) => one.kind === 'endpoint');

export const fits = ({ adapters }: Pick<TemplateParameterDto, 'adapters'>, { adapter }: Pick<System, 'adapter'>): boolean => adapters === undefined || adapters.includes(adapter);

/** A system of its own for each end, the oldest first; undefined where one of them finds none. */
export function proposedEnds(template: Pick<TemplateSummaryDto, 'parameters'>, systems: readonly System[]): readonly string[] | undefined {
  const taken: string[] = [];
  for (const end of endsOf(template)) {
    const found = systems.find((one) => fits(end, one) && !taken.includes(one.id));
    if (found === undefined) return undefined;
    taken.push(found.id);
  }
  return taken;
}
