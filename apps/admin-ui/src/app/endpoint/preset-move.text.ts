export const PRESET_MOVE = {
  heading: 'Newer preset',
  about: (to: number, from: number) => `This endpoint was made from version ${String(from)} of its preset; there is version ${String(to)}. What was changed here stays.`,
  unknownBase: 'What the earlier version said is not known: only what is new is taken by itself.',
  taken: (count: number) => (count === 1 ? '1 place changes' : `${String(count)} places change`),
  conflicts: 'Changed here and in the preset. Tick where the preset is right; the others stay.',
  here: 'here',
  preset: 'preset',
  none: 'nothing',
  move: 'Move to it',
  moved: 'Moved. Test the connection, and run its samples.',
} as const;
