import { Controller, Sse, type MessageEvent } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Observable } from 'rxjs';
import { Allow, CurrentPrincipal, type Principal } from '../identity/index.js';
import { Pulses } from './pulse.service.js';

/** What the console listens to. */
@ApiTags('monitoring')
@Controller('api/v1/events')
export class EventController {
  constructor(private readonly pulses: Pulses) {}

  @Sse()
  @Allow('messages:read')
  @ApiOperation({ summary: 'Server-sent events: that messages or deliveries have moved, at most once a second', description: 'Events `message`, `delivery` and `bulk` (an act on many was planned, started, went on or ended); read the lists again to see what is new. A comment keeps the line open.' })
  events(@CurrentPrincipal() { organization }: Principal): Observable<MessageEvent> {
    return new Observable((subscriber) => this.pulses.listen(organization, (type, data) => subscriber.next({ type, data })));
  }
}
