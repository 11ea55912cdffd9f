import { Module } from '@nestjs/common';
import { HookSender } from './hook-sender.service.js';
import { SandboxDirectory } from './sandbox-directory.service.js';
import { SandboxRoutes } from './sandbox-routes.js';
import { SandboxController } from './sandbox.controller.js';
import { SandboxService } from './sandbox.service.js';

/** The built-in ticket tools: their pages, their API, their webhooks, and how they are made. */
@Module({ controllers: [SandboxController], providers: [SandboxDirectory, SandboxService, HookSender, SandboxRoutes], exports: [SandboxDirectory, SandboxService, HookSender] })
export class SandboxModule {}
