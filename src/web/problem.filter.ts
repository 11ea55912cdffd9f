import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemDocument } from './problem.js';
import { problemOf } from './problem-of.js';

const FAULT = new Problem(500, 'fault', 'Something went wrong here; the log has the details under the trace id.');

/** Answers everything thrown in a request as a problem document; what is not known is a fault, told only to the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Web');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(thrown);
    if (problem === undefined || problem.status >= 500) this.log(thrown, problem, request);
    if (reply.sent) return;
    sendProblem(reply, problem ?? FAULT, problem === undefined ? request.id : undefined);
  }

  private log(thrown: unknown, problem: Problem | undefined, request: FastifyRequest): void {
    const line = { requestId: request.id, method: request.method, path: request.url.split('?', 1)[0], err: problem?.cause ?? thrown };
    if (problem === undefined) this.logger.error({ ...line, message: 'a request failed' });
    else this.logger.warn({ ...line, message: problem.detail });
  }
}

/** Sends a problem document; for places that answer outside of Nest (hooks, raw routes). */
export function sendProblem(reply: FastifyReply, problem: Problem, traceId?: string): void {
  void reply.code(problem.status).headers(problem.headers).header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemDocument(problem, traceId)));
}
