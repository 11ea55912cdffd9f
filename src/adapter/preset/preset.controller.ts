import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../identity/index.js';
import { Problem } from '../../web/index.js';
import { PresetDto, PresetListDto, type PresetSummaryDto } from './preset.dto.js';
import type { Preset } from './preset.js';
import { findPreset, PRESETS } from './presets.js';

/** Ready settings of known systems. */
@ApiTags('endpoints')
@Controller('api/v1/presets')
export class PresetController {
  @Get()
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'Presets: ready settings of known systems' })
  list(): PresetListDto {
    return { items: PRESETS.map(summary) };
  }

  @Get(':id')
  @Allow('endpoints:read')
  @ApiOperation({ summary: 'A preset with the endpoint to start from' })
  read(@Param('id') id: string): PresetDto {
    const preset = findPreset(id);
    if (preset === undefined) throw Problem.missing(`preset "${id}"`);
    const { blanks, values, endpoint, polling = {} } = preset;
    return {
      ...summary(preset),
      blanks: blanks.map(({ pointer, label, isSecret = false }) => ({ pointer, label, isSecret })),
      values: Object.fromEntries(Object.entries(values).map(([attribute, rows]) => [attribute, rows.map(([canonical, theirs]) => ({ canonical, theirs }))])),
      endpoint: { name: endpoint.name, adapter: endpoint.adapter, settings: { ...endpoint.settings }, entityTypes: [...endpoint.entityTypes] },
      polling: { ...polling },
    };
  }
}

const summary = ({ id, title, description, version, lastChecked, testedAgainst, endpoint }: Preset): PresetSummaryDto =>
  ({ id, title, description, adapter: endpoint.adapter, version, lastChecked, testedAgainst, page: `docs/systems/${id}.md` });
