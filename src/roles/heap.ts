// How much memory a role's process may fill with objects when nothing else bounds it. On a large machine V8 would let the
// heap grow to gigabytes before it tidies up; in a container Node takes its bound from the container's limit.

/** For `fork`: in MB, several times what a role holds at once under the load that `npm run bench` puts on it. */
export const HEAP_FLAGS = ['--max-old-space-size=384'];
