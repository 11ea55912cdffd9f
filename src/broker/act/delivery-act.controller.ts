import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { UuidPipe } from '../../web/index.js';
import { EditDeliveryDto, LinkDeliveryDto } from './delivery-act.dto.js';
import { DeliveryActs } from './delivery-act.service.js';

/** An operator's hand on deliveries. */
@ApiTags('deliveries')
@ApiNoContentResponse({ description: 'Done; what follows shows in the delivery.' })
@ApiConflictResponse({ description: 'Its state or its lane does not allow it now.' })
@Controller('api/v1/deliveries')
export class DeliveryActController {
  constructor(private readonly acts: DeliveryActs) {}

  @Post(':id/retry')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Send again', description: 'At once where it waits, past a doubt where its lane is held for one, at the end of its lane where the lane has gone on. A create of unknown outcome is looked up first where the target can be searched.' })
  retry(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    return this.acts.do(by, id, 'retry');
  }

  @Post(':id/edit')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Change what is sent, and send', description: 'What it carried before stays beside it, with who changed it. A delivery that was sent is not sent again; of one whose outcome is unknown nothing else is sent before that is known.' })
  edit(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string, @Body() change: EditDeliveryDto): Promise<void> {
    return this.acts.edit(by, id, change);
  }

  @Post(':id/skip')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Do without it; a create takes the updates behind it along', description: 'One that its lane has gone past only leaves the work list.' })
  skip(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    return this.acts.do(by, id, 'skip');
  }

  @Post(':id/cancel')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Do not send it' })
  cancel(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    return this.acts.do(by, id, 'cancel');
  }

  @Post(':id/hold')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Stop its lane before it' })
  hold(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    return this.acts.do(by, id, 'hold');
  }

  @Post(':id/link')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Name the ticket that a create should have made' })
  link(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string, @Body() { ticketId }: LinkDeliveryDto): Promise<void> {
    return this.acts.link(by, id, ticketId);
  }
}
