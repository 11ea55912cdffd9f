const rules = (count: number): string => `${String(count)} ${count === 1 ? 'rule' : 'rules'}`;

export const IMPORT = {
  heading: 'Import rules',
  about: 'Files that Parley, Service-Flow or ONEiO exported: one rule or a list. They arrive switched off; keys that Parley does not know are kept.',
  choose: 'Choose a file',
  drop: 'or drop it here',
  paste: 'or paste JSON',
  readPasted: 'Read it',
  pasted: 'pasted text',
  reading: 'Reading…',
  found: (file: string, count: number) => `${file}: ${rules(count)}`,
  fine: 'nothing is wrong',
  errors: (count: number) => `${String(count)} ${count === 1 ? 'error' : 'errors'}`,
  problems: (count: number) => `${String(count)} to put right before it can be used`,
  errorsAbout: 'The file holds rules that cannot be read, so nothing of it can be imported. Mend the file, or open the others one by one.',
  whole: 'the rule itself',
  open: 'Open in the editor',
  import: (count: number) => `Import ${rules(count)}, switched off`,
  importing: 'Importing…',
  other: 'Another file',
  done: (count: number) => `${rules(count)} imported, switched off.`,
  see: 'See the rules that are off',
} as const;
