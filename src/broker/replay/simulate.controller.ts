import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Problem } from '../../web/index.js';
import { SimulationDto } from './simulate.dto.js';
import { Simulations, type AskedRules } from './simulations.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PAST_KEYS: readonly string[] = ['messageId', 'rules', 'ruleDraft'];
const OBJECT = { type: 'object', additionalProperties: true };
const RULES = { type: 'array', items: OBJECT, description: 'Rule documents; without them the current rules are meant.' };
const DRAFT = { ...OBJECT, description: 'A rule document that takes the place of the current rule of its id (without one: of its name), or stands beside the current rules.' };

const REQUEST = {
  oneOf: [
    {
      ...OBJECT, title: 'A case', required: ['message'],
      properties: {
        name: { type: 'string' }, rules: RULES, ruleDraft: DRAFT,
        message: { ...OBJECT, description: '`endpoint`, `entityType`, `ticketId`, `attributes`, `attachments`, `response`.' },
        conversation: { ...OBJECT, description: 'What is known before the message: `attributes`, `counters`, `ticketIds`, `pendingCreates`, `delayed`, `attachments`, `previous`.' },
        now: { type: 'string', format: 'date-time' },
      },
    },
    { type: 'object', title: 'A past message', required: ['messageId'], additionalProperties: false, properties: { messageId: { type: 'string', format: 'uuid' }, rules: RULES, ruleDraft: DRAFT } },
  ],
};

/** Asks the rules without anything happening. */
@ApiTags('rules')
@Controller('api/v1/simulate')
export class SimulateController {
  constructor(private readonly simulations: Simulations) {}

  @Post()
  @HttpCode(200)
  @Allow('rules:simulate')
  @ApiOperation({
    summary: 'What the rules would decide',
    description: 'The very function that routes messages; nothing is stored or sent. The body is a case file, or names a past message, which is decided with the conversation as it was then (and asks for `messages:read`).',
  })
  @ApiBody({ schema: REQUEST as never })
  @ApiOkResponse({ type: SimulationDto })
  async simulate(@CurrentPrincipal() { organization, permissions }: Principal, @Body() body: unknown): Promise<SimulationDto> {
    const given = (typeof body === 'object' && body !== null && !Array.isArray(body) ? body : { message: body }) as AskedRules & Readonly<Record<string, unknown>>;
    if (given['messageId'] === undefined) {
      const { decision, warnings } = this.simulations.ofCase(organization, given);
      return { ...decision, warnings } as unknown as SimulationDto;
    }
    if (!permissions.has('messages:read')) throw Problem.denied('not-allowed', 'Past messages may be read only with the permission messages:read.');
    const { decision, ...past } = await this.simulations.ofMessage(organization, messageIdOf(given), given);
    return { ...decision, ...past } as unknown as SimulationDto;
  }
}

function messageIdOf(given: Readonly<Record<string, unknown>>): string {
  const errors = Object.keys(given).filter((key) => !PAST_KEYS.includes(key)).map((key) => ({ pointer: `/${key}`, detail: 'has no meaning beside `messageId`' }));
  const { messageId } = given;
  if (typeof messageId !== 'string' || !UUID.test(messageId)) errors.unshift({ pointer: '/messageId', detail: 'must be the id of a message' });
  if (errors.length > 0) throw Problem.invalid(errors);
  return messageId as string;
}
