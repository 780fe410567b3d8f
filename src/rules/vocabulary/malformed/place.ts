// The place of a fault in a configuration, as messages name it. Groups: `file`, `at` (line).

export const FILE =
  '["\'`(\\[]?(?<file>(?:/|\\./)?[\\w.@~+-]{0,80}(?:/[\\w.@~+-]{1,80}){0,12}\\.?[\\w@~+-]{1,80})["\'`)\\]]?';
export const PATH = '["\'`(\\[]?(?<file>/[^\\s"\'`:)\\]]{1,300})["\'`)\\]]?';
export const LINE = '(?:[:,]? ?(?:at |on |in )?(?:line )?#?(?<at>\\d{1,7}))?';
