import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { below } from '../../rule/index.js';
import { Problem } from '../../web/index.js';
import { ApplyTemplateQuery, PlanDto } from '../configuration.dto.js';
import { ConfigurationService } from '../configuration.service.js';
import { renderTemplate } from './render-template.js';
import type { Template } from './template.js';
import { RenderedTemplateDto, TemplateDto, TemplateListDto, type TemplateParameterDto, TemplateUseDto } from './template.dto.js';
import { TEMPLATES } from './templates.js';

/** Rules for tasks that come up everywhere, ready to be used. */
@ApiTags('configuration')
@Controller('api/v1/templates')
export class TemplateController {
  constructor(private readonly configuration: ConfigurationService) {}

  @Get()
  @Allow('configuration:read')
  @ApiOperation({ summary: 'Templates: rules for tasks that come up everywhere' })
  list(): TemplateListDto {
    return { items: TEMPLATES.map(({ id, title, description, parameters }) => ({ id, title, description, parameters: parametersOf(parameters) })) };
  }

  @Get(':id')
  @Allow('configuration:read')
  @ApiOperation({ summary: 'A template with its rules and their tests' })
  read(@Param('id') id: string): TemplateDto {
    const { title, description, parameters, rules } = templateOf(id);
    return { id, title, description, parameters: parametersOf(parameters), rules: [...rules] };
  }

  @Post(':id/render')
  @HttpCode(200)
  @Allow('configuration:read')
  @ApiOperation({ summary: 'The rules that a template makes, as a configuration document: for whoever keeps rules in files' })
  render(@Param('id') id: string, @Body() { parameters }: TemplateUseDto): RenderedTemplateDto {
    return rendered(id, parameters);
  }

  @Post(':id/apply')
  @HttpCode(200)
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Make the rules of a template', description: 'As if the configuration document that it makes were applied: whole or not at all, and twice changes nothing.' })
  apply(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Body() { parameters }: TemplateUseDto, @Query() { dryRun }: ApplyTemplateQuery): Promise<PlanDto> {
    return this.configuration.apply(by.organization, by, rendered(id, parameters), { dryRun: dryRun === true, prune: false });
  }
}

const parametersOf = (parameters: Template['parameters']): TemplateParameterDto[] => parameters.map(({ adapters, ...parameter }) => ({ ...parameter, ...(adapters === undefined ? {} : { adapters: [...adapters] }) }));

function templateOf(id: string): Template {
  const template = TEMPLATES.find((one) => one.id === id);
  if (template === undefined) throw Problem.missing(`template "${id}"`);
  return template;
}

function rendered(id: string, parameters: Readonly<Record<string, unknown>>): RenderedTemplateDto {
  const result = renderTemplate(templateOf(id), parameters);
  if ('errors' in result) throw Problem.invalid(below('/parameters', result.errors), 'The template needs other parameters.');
  return { rules: [...result.rules] };
}
