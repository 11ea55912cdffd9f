import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { SuppressedAddressesDto } from './suppressed-address.dto.js';
import { SuppressedAddresses } from './suppressed-addresses.service.js';

/** Addresses to which an endpoint sends nothing any more, since what it sent there came back. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints/:id/suppressed-addresses')
export class SuppressedAddressController {
  constructor(private readonly addresses: SuppressedAddresses) {}

  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'Addresses to which an endpoint sends nothing any more, in alphabetical order', description: 'What is sent there is refused before any call. A mail that comes from such an address lifts it by itself.' })
  @ApiQuery({ name: 'after', type: String, required: false, description: 'The `next` of the page before.' })
  @ApiOkResponse({ type: SuppressedAddressesDto })
  list(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Query('after') after?: string): Promise<SuppressedAddressesDto> {
    return this.addresses.list(organization, id, after ?? '');
  }

  @Delete(':address')
  @HttpCode(204)
  @Allow('endpoints:operate')
  @ApiOperation({ summary: 'Send to an address again', description: 'What was refused meanwhile stays as it is: retry those deliveries.' })
  @ApiNoContentResponse()
  lift(@CurrentPrincipal() by: Principal, @Param('id') id: string, @Param('address') address: string): Promise<void> {
    return this.addresses.lift(by, id, address);
  }
}
