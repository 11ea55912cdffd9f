import type { FastifyRequest } from 'fastify';
import type { OwnAddress } from './sign-in-providers.service.js';

/** As the browser sees this instance; counts only where no public address is set. */
export const ownAddress = (request: FastifyRequest): OwnAddress => ({ origin: `${request.protocol}://${request.host}` });
