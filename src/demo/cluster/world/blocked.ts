// A container that the kubelet cannot start for want of something (an image, a Secret, a volume): it says so in the status
// and in events, and tries again after a while.
import type { Container } from '../kinds.ts';
import type { Ending } from './endings.ts';
import type { Words } from './events.ts';
import { changeContainer, type Life, later, podOf, sayOfContainer, type World } from './life.ts';

type Blocked = Extract<Ending, { kind: 'blocked' }>;

const syncSeconds = 12;
const pullLadderSeconds = [10, 20, 40, 80, 160, 300];
const isPullBackOff = (words: Words): boolean =>
  words.reason === 'BackOff' || words.message === 'Error: ImagePullBackOff';

export function block(
  world: World,
  life: Life,
  c: Container,
  ending: Blocked,
  retell: (text: string) => string,
  again: () => void,
): void {
  const pod = podOf(world, life);
  if (!pod) return;
  const wait = (reason: string, message?: string): void =>
    changeContainer(world, life, c.name, (s) => {
      const ended = s.state?.terminated ?? s.lastState?.terminated;
      s.lastState = ended ? { terminated: ended } : {};
      s.state = { waiting: { reason, message: message && retell(message) } };
    });
  const tell = (list: Words[]): void => {
    for (const words of list) sayOfContainer(world, pod, c.name, { ...words, message: retell(words.message) });
  };
  for (const words of ending.podWords) world.say('kubelet', pod, { ...words, message: retell(words.message) });

  if (!/^(ErrImagePull|ImagePullBackOff)$/.test(ending.reason)) {
    wait(ending.reason, ending.message);
    tell(ending.words);
    later(world, life, syncSeconds, again);
    return;
  }
  const step = Math.min(life.backOffs.get(c.name) ?? 0, pullLadderSeconds.length - 1);
  life.backOffs.set(c.name, step + 1);
  wait('ErrImagePull', ending.message?.replace(/^Back-off pulling image ".*?": ErrImagePull: /, ''));
  tell(ending.words.filter((words) => !isPullBackOff(words)));
  later(world, life, 1, () => {
    wait('ImagePullBackOff', ending.message);
    tell(ending.words.filter(isPullBackOff));
  });
  later(world, life, pullLadderSeconds[step]! + 1, again);
}
