import { Body, Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { PresetMoveDto, PresetMoveRequestDto } from './endpoint-preset.dto.js';
import { EndpointPresets } from './endpoint-presets.service.js';

/** Endpoints and newer versions of the presets that they were made from. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints/:id/preset')
export class EndpointPresetController {
  constructor(private readonly presets: EndpointPresets) {}

  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'What a move to the present version of its preset would change', description: 'Nothing is changed.' })
  @ApiOkResponse({ type: PresetMoveDto })
  plan(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string): Promise<PresetMoveDto> {
    return this.presets.plan(organization, id);
  }

  @Post('move')
  @HttpCode(200)
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Move an endpoint to the present version of its preset', description: 'What was changed at the endpoint and in the preset stays as it is at the endpoint, unless its pointer is given in `take`.' })
  @ApiOkResponse({ type: PresetMoveDto })
  move(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Body() { take }: PresetMoveRequestDto, @Headers('if-match') ifMatch?: string): Promise<PresetMoveDto> {
    return this.presets.move(by, id, { take, ifMatch });
  }
}
