import { Module } from '@nestjs/common';
import { RuleModule } from '../../rule/index.js';
import { SimulateController } from './simulate.controller.js';
import { Simulations } from './simulations.service.js';

/** Rules asked without anything happening: about made-up messages and about past ones. */
@Module({ imports: [RuleModule], controllers: [SimulateController], providers: [Simulations] })
export class ReplayModule {}
