import { Module } from '@nestjs/common';
import { PresetController } from './preset.controller.js';

/** Ready settings of known systems. */
@Module({ controllers: [PresetController] })
export class PresetModule {}
