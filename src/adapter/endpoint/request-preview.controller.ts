import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Place } from '../../core/shape/place.js';
import { attributesShape } from '../../core/rule/case-message.js';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { Problem } from '../../web/index.js';
import { PreviewedMessageDto, RequestPreviewDto } from './request-preview.dto.js';
import { RequestPreviews } from './request-preview.service.js';

/** Stands where the id of a delivery would stand. */
const NO_DELIVERY = '00000000-0000-7000-8000-000000000000';

/** Requests as they would be sent. */
@ApiTags('endpoints')
@Controller('api/v1/endpoints/:id/preview')
export class RequestPreviewController {
  constructor(private readonly previews: RequestPreviews) {}

  @Post()
  @HttpCode(200)
  @Allow('rules:simulate')
  @ApiOperation({ summary: 'The request that a message would become', description: 'Nothing is sent. A word stands in the place of each secret.' })
  async preview(@CurrentPrincipal() { organization }: Principal, @Param('id') id: string, @Body() { id: deliveryId, entityType, messageType, operation, ticketId, attributes }: PreviewedMessageDto): Promise<RequestPreviewDto> {
    const place = Place.root();
    const read = attributesShape.read(attributes, place.at('attributes'));
    if (place.problems.length > 0) throw Problem.invalid(place.problems.map((problem) => ({ pointer: problem.pointer, detail: `expected ${problem.expected}, found ${problem.found}` })));
    const preview = await this.previews.preview(organization, id, { id: deliveryId ?? NO_DELIVERY, entityType, messageType: messageType ?? '', operation, ticketId: ticketId ?? null, attributes: read });
    return { ...preview, headers: { ...preview.headers } };
  }
}
