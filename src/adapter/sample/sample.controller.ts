import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { UuidPipe } from '../../web/index.js';
import { NewSampleDto, SampleDto, SampleResultsDto, SampleRunDto, SamplesDto } from './sample.dto.js';
import { Samples } from './samples.service.js';

/** Recorded requests and answers as tests of an endpoint's settings. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints/:id/samples')
export class SampleController {
  constructor(private readonly samples: Samples) {}

  @Get()
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Samples of an endpoint, with what its settings should make of them' })
  async list(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string): Promise<SamplesDto> {
    return { items: await this.samples.list(organization, id) };
  }

  @Post()
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Keep a received request or an answer as a sample', description: 'Of a message, of a delivery, or as it is given. Credentials of requests are not kept.' })
  @ApiCreatedResponse({ type: SampleDto })
  save(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Body() sample: NewSampleDto): Promise<SampleDto> {
    return this.samples.save(by, id, sample);
  }

  @Post('run')
  @HttpCode(200)
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Read all samples as the endpoint\'s settings say, or as changed ones would', description: 'Nothing is stored, accepted or sent.' })
  @ApiOkResponse({ type: SampleResultsDto })
  async run(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Body() { endpoint }: SampleRunDto): Promise<SampleResultsDto> {
    const items = await this.samples.run(organization, id, endpoint);
    return { ok: items.every((one) => one.ok), items };
  }

  @Delete(':sample')
  @HttpCode(204)
  @Allow('endpoints:write')
  @ApiOperation({ summary: 'Remove a sample' })
  @ApiNoContentResponse()
  remove(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Param('sample', UuidPipe) sample: string): Promise<void> {
    return this.samples.remove(by, id, sample);
  }
}
