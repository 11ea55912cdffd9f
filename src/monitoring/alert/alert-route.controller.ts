import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { newId } from '../../store/pipeline/uuid.js';
import { UuidPipe } from '../../web/index.js';
import { AlertRoutes } from './alert-routes.service.js';
import { AlertCodeDto, AlertRouteInputDto, AlertRouteListView, AlertRouteView } from './alert.dto.js';

/** Where alerts go. */
@ApiTags('monitoring')
@Controller('api/v1/alert-routes')
export class AlertRouteController {
  constructor(private readonly routes: AlertRoutes) {}

  @Get()
  @Allow('configuration:read')
  @ApiOperation({ summary: 'Where alerts go; targets are never shown whole' })
  @ApiOkResponse({ type: AlertRouteListView })
  async list(@CurrentPrincipal() { organization }: Principal): Promise<AlertRouteListView> {
    return { items: await this.routes.all(organization) };
  }

  @Post()
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Add a route', description: 'An e-mail route is sent a code of six digits, with which it must be confirmed.' })
  async add(@CurrentPrincipal() by: Principal, @Body() given: AlertRouteInputDto): Promise<AlertRouteView> {
    return this.routes.save(by, newId(), given, 'new');
  }

  @Put(':id')
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Change a route', description: 'A new target must be confirmed again.' })
  async change(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string, @Body() given: AlertRouteInputDto): Promise<AlertRouteView> {
    return this.routes.save(by, id, given, 'known');
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Remove a route; what it was still to be told goes with it' })
  @ApiNoContentResponse({ description: 'Done.' })
  async remove(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    await this.routes.remove(by, id);
  }

  @Post(':id/code')
  @HttpCode(204)
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Send a new code to an e-mail route' })
  @ApiNoContentResponse({ description: 'The mail server took it.' })
  async sendCode(@CurrentPrincipal() { organization }: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    await this.routes.sendCode(organization, id);
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Confirm an e-mail route with the code that it was sent' })
  async confirm(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string, @Body() { code }: AlertCodeDto): Promise<AlertRouteView> {
    return this.routes.confirm(by, id, code);
  }

  @Post(':id/test')
  @HttpCode(204)
  @Allow('configuration:write')
  @ApiOperation({ summary: 'Send a test alert now' })
  @ApiNoContentResponse({ description: 'The receiver took it.' })
  async test(@CurrentPrincipal() { organization }: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    await this.routes.test(organization, id);
  }
}
