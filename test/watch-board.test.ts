// What counts as trouble, when it begins and when it ends: the watch's judgement, without any cluster.
import { expect, test } from 'vitest';
import { type Board, createBoard, type Now } from '../src/core/watch/board.ts';
import { brokenWorkloads } from '../src/core/watch/broken.ts';
import { failedCreate } from '../src/core/watch/no-pod.ts';
import { podNote } from '../src/core/watch/projection.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-21T12:00:00Z');

/** Minutes since the beginning; both clocks go alike unless a test says otherwise. */
const at = (minutes: number): Now => ({ steadyMs: minutes * MINUTE, clusterMs: START + minutes * MINUTE });
const time = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();

interface Shape {
  uid?: string;
  name?: string;
  phase?: string;
  deleted?: boolean;
  labels?: object;
  owner?: object | null;
  init?: object;
  main?: object;
}

const replicaSet = { kind: 'ReplicaSet', name: 'shop-6d4cf56db6', uid: 'rs-1', controller: true };

function pod({ uid = 'pod-1', name = 'shop-6d4cf56db6-x2x4x', phase = 'Running', ...rest }: Shape): unknown {
  const { deleted, labels = { 'pod-template-hash': '6d4cf56db6' }, owner = replicaSet, init, main } = rest;
  const status = (one: object, container: string) => ({ name: container, restartCount: 0, ...one });
  return {
    metadata: {
      uid,
      name,
      namespace: 'shop',
      labels,
      ...(owner ? { ownerReferences: [owner] } : {}),
      ...(deleted ? { deletionTimestamp: time(0) } : {}),
    },
    status: {
      phase,
      ...(init ? { initContainerStatuses: [status(init, 'migrate')] } : {}),
      containerStatuses: [status(main ?? { state: { running: {} } }, 'main')],
    },
  };
}

const waiting = (reason: string, restartCount = 0) => ({ state: { waiting: { reason } }, restartCount });
const running = (restartCount: number) => ({
  state: { running: {} },
  lastState: { terminated: { exitCode: 1 } },
  restartCount,
});
const oomKilled = (minutes: number) => ({
  state: { running: {} },
  lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: time(minutes) } },
  restartCount: 1,
});

function boardWith(...shapes: Shape[]): Board {
  const board = createBoard({ restartsMin: 2 });
  board.listing();
  for (const shape of shapes) board.put(podNote(pod(shape))!);
  board.listed();
  return board;
}

const show = (board: Board, shape: Shape): void => board.put(podNote(pod(shape))!);
const began = (board: Board, now: Now): string[] =>
  board.changes(now).began.map(({ container, reason }) => `${container} ${reason}`);

test('a container in back-off counts from its second restart on, and once', () => {
  const board = boardWith({ main: waiting('CrashLoopBackOff', 1) });
  expect(began(board, at(0))).toEqual([]);
  show(board, { main: waiting('CrashLoopBackOff', 2) });
  expect(began(board, at(1))).toEqual(['main CrashLoopBackOff']);
  show(board, { main: running(3) });
  show(board, { main: waiting('CrashLoopBackOff', 3) });
  expect(began(board, at(2))).toEqual([]);
});

test('what cannot be started counts at once', () => {
  for (const reason of [
    'CreateContainerConfigError',
    'CreateContainerError',
    'RunContainerError',
    'InvalidImageName',
    'ErrImageNeverPull',
  ])
    expect(began(boardWith({ main: waiting(reason) }), at(0))).toEqual([`main ${reason}`]);
});

test('an image that cannot be pulled counts only when that lasts', () => {
  const board = boardWith({ main: waiting('ErrImagePull') });
  expect(began(board, at(0))).toEqual([]);
  show(board, { main: waiting('ImagePullBackOff') });
  expect(began(board, at(0.2))).toEqual([]);
  expect(began(board, at(0.5))).toEqual(['main ImagePullBackOff']);
});

test('an image that is pulled at the second try was never a trouble', () => {
  const board = boardWith({ main: waiting('ErrImagePull') });
  expect(began(board, at(0))).toEqual([]);
  show(board, {});
  expect(board.changes(at(5))).toEqual({ began: [], ended: [] });
});

test('init containers count like others, and one that is not tried again counts when its pod is lost', () => {
  const starting = waiting('PodInitializing');
  expect(began(boardWith({ init: waiting('CrashLoopBackOff', 2), main: starting }), at(0))).toEqual([
    'migrate CrashLoopBackOff',
  ]);
  const lost = { state: { terminated: { exitCode: 3, reason: 'Error' } } };
  expect(began(boardWith({ init: lost, main: starting, phase: 'Failed' }), at(0))).toEqual(['migrate Init:Error']);
  expect(began(boardWith({ init: lost, main: starting, phase: 'Pending' }), at(0))).toEqual([]);
});

test('a kill for memory is news for ten minutes and not for ever, whatever the status goes on saying', () => {
  const board = boardWith({ main: oomKilled(-1) });
  expect(began(board, at(0))).toEqual(['main OOMKilled']);
  expect(began(boardWith({ main: oomKilled(-11) }), at(0))).toEqual([]);
  expect(board.changes(at(9)).ended).toEqual([]);
  expect(board.changes(at(20)).ended).toEqual(['pod-1/main/oom']);
});

test('healthy, completed and deleted pods are no trouble, and neither is one that crashed long ago', () => {
  const completed = { state: { terminated: { exitCode: 0, reason: 'Completed' } } };
  const board = boardWith(
    { uid: 'a' },
    { uid: 'b', main: completed, phase: 'Succeeded' },
    { uid: 'c', main: waiting('CrashLoopBackOff', 9), deleted: true },
    { uid: 'd', main: running(40) },
    { uid: 'e', main: waiting('ContainerCreating') },
  );
  expect(board.changes(at(0))).toEqual({ began: [], ended: [] });
});

test('a crash loop between two crashes has not ended; ten quiet minutes have', () => {
  const board = boardWith({ main: waiting('CrashLoopBackOff', 5) });
  board.changes(at(0));
  show(board, { main: running(6) });
  expect(board.changes(at(9)).ended).toEqual([]);
  expect(board.changes(at(10)).ended).toEqual(['pod-1/main/crash-loop']);
  show(board, { main: waiting('CrashLoopBackOff', 6) });
  expect(began(board, at(11))).toEqual(['main CrashLoopBackOff']);
});

test('a trouble ends with its pod, whether that is told or only missing from the next list', () => {
  const board = boardWith(
    { uid: 'a', main: waiting('CrashLoopBackOff', 2) },
    { uid: 'b', main: waiting('RunContainerError') },
  );
  board.changes(at(0));
  board.remove('a');
  expect(board.changes(at(0)).ended).toEqual(['a/main/crash-loop']);
  board.listing();
  show(board, { uid: 'c' });
  board.listed();
  expect(board.changes(at(0)).ended).toEqual(['b/main/not-started']);
  expect(board.pods()).toBe(1);
});

test('listing everything again tells nothing again', () => {
  const shapes = [{ uid: 'a', main: waiting('CrashLoopBackOff', 2) }, { uid: 'b' }];
  const board = boardWith(...shapes);
  expect(began(board, at(0))).toHaveLength(1);
  board.listing();
  for (const shape of shapes) show(board, shape);
  board.listed();
  expect(board.changes(at(1))).toEqual({ began: [], ended: [] });
});

test('a clock that is set by hours begins and ends nothing that lasts', () => {
  const board = boardWith({ main: waiting('CrashLoopBackOff', 2) });
  board.changes(at(0));
  for (const hours of [5, -5]) {
    const jumped = { steadyMs: MINUTE, clusterMs: START + hours * 60 * MINUTE };
    expect(board.changes(jumped)).toEqual({ began: [], ended: [] });
  }
});

test('the Deployment of a pod is known where its labels prove it', () => {
  expect(podNote(pod({}))?.owner).toMatchObject({ kind: 'ReplicaSet', deployment: 'shop' });
  expect(podNote(pod({ labels: {} }))?.owner).toMatchObject({ deployment: null });
  expect(podNote(pod({ labels: { 'pod-template-hash': '' } }))?.owner).toMatchObject({ deployment: null });
  const job = { kind: 'Job', name: 'report-6d4cf56db6', uid: 'j' };
  expect(podNote(pod({ owner: job }))?.owner).toMatchObject({ kind: 'Job', deployment: null });
  expect(podNote(pod({ owner: null }))?.owner).toBeNull();
});

test('of a healthy pod nothing is kept but who it is', () => {
  expect(podNote(pod({}))).toMatchObject({ containers: [], labels: {} });
  expect(podNote(pod({ main: waiting('CrashLoopBackOff', 1) }))?.labels).toEqual({ 'pod-template-hash': '6d4cf56db6' });
});

test('what is no pod or bends every field is passed over', () => {
  for (const foreign of [null, 1, 'pod', [], {}, { metadata: null }, { metadata: { uid: 1, name: [], namespace: {} } }])
    expect(podNote(foreign)).toBeUndefined();
  const bent = {
    ...(pod({}) as object),
    status: { containerStatuses: [null, 3, { name: 5 }, { name: 'x', state: 'waiting' }] },
  };
  expect(podNote(bent)?.containers).toEqual([]);
});

const event = (minutes: number, over: object = {}) => ({
  reason: 'FailedCreate',
  involvedObject: { kind: 'ReplicaSet', namespace: 'shop', name: 'shop-6d4cf56db6', uid: 'rs-1' },
  lastTimestamp: time(minutes),
  ...over,
});

test('an owner without any pod that cannot make one counts after a moment, and ends with its first pod', () => {
  const board = boardWith({ uid: 'other', owner: { ...replicaSet, uid: 'rs-2' } });
  board.failed(failedCreate(event(0))!);
  expect(began(board, at(0))).toEqual([]);
  expect(began(board, at(0.2))).toEqual([' FailedCreate']);
  show(board, { uid: 'first' });
  expect(board.changes(at(0.3)).ended).toEqual(['rs-1//no-pod']);
});

test('an owner that has a pod, or last complained long ago, is not without pods', () => {
  const board = boardWith({});
  board.failed(failedCreate(event(0))!);
  expect([...began(board, at(0)), ...began(board, at(1))]).toEqual([]);
  const old = boardWith();
  old.failed(failedCreate(event(-40))!);
  expect([...began(old, at(0)), ...began(old, at(1))]).toEqual([]);
});

test('an owner that was looked into and lacks nothing is told of only when it complains again', () => {
  const board = boardWith();
  board.failed(failedCreate(event(0))!);
  board.changes(at(0));
  const [trouble] = board.changes(at(1)).began;
  board.dismiss(trouble!.id);
  expect(board.changes(at(2))).toEqual({ began: [], ended: [] });
  board.failed(failedCreate(event(3))!);
  board.changes(at(3));
  expect(began(board, at(4))).toEqual([' FailedCreate']);
});

test('only FailedCreate of what makes pods is read, with the newest of its times', () => {
  expect(failedCreate(event(0, { reason: 'BackOff' }))).toBeUndefined();
  expect(
    failedCreate(event(0, { involvedObject: { kind: 'Pod', namespace: 'shop', name: 'x', uid: 'x' } })),
  ).toBeUndefined();
  expect(failedCreate(event(0, { series: { lastObservedTime: time(7) } }))?.atMs).toBe(START + 7 * MINUTE);
  expect(failedCreate(event(0, { lastTimestamp: null, eventTime: time(2) }))?.atMs).toBe(START + 2 * MINUTE);
});

test('what was broken already is one line for each workload, the longest standing first', () => {
  const row = { namespace: 'shop', kind: 'Deployment', name: 'cart', container: 'main', reason: 'CrashLoopBackOff' };
  expect(
    brokenWorkloads([
      { ...row, id: '1', restarts: 4 },
      { ...row, id: '2', restarts: 9 },
      { ...row, id: '3', name: 'mail', restarts: 30 },
      { ...row, id: '4', reason: 'OOMKilled', restarts: 1 },
    ]),
  ).toMatchObject([
    { name: 'mail', count: 1 },
    { name: 'cart', count: 3, restarts: 9, reasons: ['CrashLoopBackOff', 'OOMKilled'] },
  ]);
});

test('a crash loop that runs for a moment at the first look was broken already, and is no news when it crashes again', () => {
  const between = (minutes: number) => ({
    state: { running: {} },
    lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: time(minutes) } },
    restartCount: 40,
  });
  const board = boardWith({ main: between(-4) }, { uid: 'pod-2', main: between(-60) });
  expect(board.standing(at(0)).map(({ id, reason }) => `${id} ${reason}`)).toEqual(['pod-1/main/crash-loop Error']);
  show(board, { main: waiting('CrashLoopBackOff', 41) });
  show(board, { uid: 'pod-2', main: waiting('CrashLoopBackOff', 41) });
  // The other ran for an hour: that it crashes now is new.
  expect(board.changes(at(1)).began.map(({ id }) => id)).toEqual(['pod-2/main/crash-loop']);
});

test('a program that cannot be started is one loop, whichever of its two reasons is shown', () => {
  const board = boardWith({ main: waiting('RunContainerError', 3) });
  expect(board.standing(at(0))).toHaveLength(1);
  show(board, { main: waiting('CrashLoopBackOff', 4) });
  expect(began(board, at(1))).toEqual([]);
  show(board, { main: waiting('RunContainerError', 4) });
  expect(began(board, at(2))).toEqual([]);
});
