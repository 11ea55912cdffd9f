import { hash } from 'node:crypto';
import { newId } from '../../store/pipeline/uuid.js';
import type { PollPlace } from '../../store/pipeline/poll-lane.js';
import type { ReceivedRequest } from '../../store/pipeline/receive-lanes.js';
import type { FetchedItem } from '../contract.js';

const LONGEST_KEY = 255;

/** A fetched item as the request that is stored of it. Its key stands beside those of webhooks and never meets them. */
export function fetchedRequest({ organization, endpoint, channel }: PollPlace, item: FetchedItem): ReceivedRequest {
  const { entityType, body, contentType, headers = {}, query = '' } = item;
  return {
    id: newId(), organization, endpoint, entityType: storable(entityType), contentType: storable(contentType), headers: storable(JSON.stringify(headers)).replaceAll('\\u0000', ''), query: storable(query), body,
    key: { key: keyOf(`poll:${channel}:${item.repeatKey}`), bodyHash: hash('sha256', body, 'buffer') },
  };
}

/** A key that is too long or cannot be stored is as good by its hash. */
const keyOf = (key: string): string => (key.length <= LONGEST_KEY && storable(key) === key ? key : `poll#${hash('sha256', key)}`);

const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();
