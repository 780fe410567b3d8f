// How programs and libraries say that a limit of the operating system is reached: descriptors, watches, threads, locked
// memory, kernel settings, disks, accelerators. The group `what` names the limit, `setting` a kernel setting.

import { type LogSign, signTable } from '../../core/log-signs.ts';

const row = (who: string, source: string, more: Partial<LogSign> = {}): LogSign => ({
  who,
  pattern: new RegExp(source, 'i'),
  ...more,
});

export const OS_LIMIT = signTable([
  row(
    'inotify',
    '(?<what>inotify(?:[\\w ]{0,40}\\w)?|fsnotify(?:[\\w ]{0,40}\\w)?|file watchers?)\\b.{0,120}?(?:too many open files|no space left|ENOSPC|EMFILE|limit|reached|exhausted)',
  ),
  row('inotify', '(?:too many open files|ENOSPC|EMFILE).{0,60}?(?<what>inotify|fsnotify|watch(?:er|es)?)'),
  row('errno', '(?<what>too many open files)'),
  row('errno', '(?:\\bEMFILE\\b|\\bENFILE\\b|errno 2[34]\\b|os error 2[34]\\b)(?<what>)'),
  row('JVM', '(?:unable to create (?:new )?native thread|Failed to start thread.{0,40}pthread_create failed)(?<what>)'),
  row('Python', "(?<what>can't start new thread)"),
  row('Go', '(?:runtime: failed to create new OS thread|runtime: may need to increase max user processes)(?<what>)'),
  row(
    'pthread, fork',
    '(?:pthread_create|fork|clone|vfork|uv_thread_create|std::thread|thread constructor).{0,60}?(?:resource temporarily unavailable|EAGAIN|cannot allocate|failed)(?<what>)',
  ),
  row('shells', "(?:cannot fork|fork: retry|can't fork).{0,40}(?<what>)"),
  row(
    'glibc, OpenBLAS',
    '(?:blas_thread_init: pthread_create failed|libgomp: Thread creation failed|OpenBLAS.{0,40}Resource temporarily)(?<what>)',
  ),
  row(
    'locked memory',
    '(?:RLIMIT_MEMLOCK|(?<what>memlock)|unable to lock (?:JVM )?memory|failed to lock memory|mlockall? (?:failed|.{0,20}cannot allocate)|failed to allocate locked memory|MEMLOCK may be too low)',
    { weak: true },
  ),
  row(
    'Elasticsearch, OpenSearch',
    '(?<what>max (?:file descriptors|number of threads|file size|size virtual memory) \\[\\d{1,20}\\].{0,80}(?:too low|increase))',
  ),
  row(
    'RabbitMQ, MongoDB, Neo4j',
    '(?<what>(?:open files|file descriptor|ulimit|rlimits?).{0,80}(?:too low|less than|insufficient|exceeded|increase))',
    { weak: true },
  ),
  row('setrlimit', '(?<what>setrlimit.{0,60}(?:failed|not permitted))', { weak: true }),
  row('PostgreSQL', '(?<what>could not map anonymous shared memory: cannot allocate memory)', { weak: true }),
  row('JVM', '(?<what>insufficient memory for the Java Runtime Environment to continue)'),
]);

export const KERNEL_SETTING = signTable([
  row(
    'Elasticsearch, OpenSearch, SonarQube',
    '(?:max virtual memory areas )?(?<setting>vm\\.max_map_count).{0,60}?(?:too low|increase|at least|less than)',
  ),
  row('MySQL, Oracle, ScyllaDB', '(?:Could not setup Async I/O|io_setup\\(\\) failed|(?<setting>aio-max-nr)).{0,120}'),
  row('PostgreSQL', 'could not create shared memory segment.{0,80}(?<setting>)|Failed system call was shmget'),
  row('PostgreSQL', 'could not create semaphores.{0,80}(?<setting>)|Failed system call was semget'),
  row(
    'PostgreSQL, DPDK, Ceph',
    '(?:huge ?pages?).{0,80}(?:not (?:supported|available|enough|configured)|cannot allocate|no free|failed|insufficient|could not)(?<setting>)',
  ),
  row(
    'browsers, rootless tools',
    '(?:No usable sandbox|user namespaces? (?:are|is) (?:not enabled|disabled)|(?<setting>unprivileged_userns_clone|max_user_namespaces)).{0,120}',
  ),
  row('profilers', '(?<setting>perf_event_paranoid|kptr_restrict).{0,80}(?:must|set|too|is \\d)', { weak: true }),
  row(
    'any program',
    '(?:sysctl|kernel (?:parameter|setting)|/proc/sys/)\\S{0,3}\\s?["\'`]?(?<setting>(?:vm|fs|net|kernel)[./][\\w./-]{3,60})["\'`]?.{0,60}?(?:too (?:low|small)|at least|must be|should be|increase|insufficient|is not enough|below)',
    { weak: true },
  ),
  row(
    'any program',
    '(?<setting>\\b(?:vm|fs|net|kernel)\\.[\\w.]{3,60})(?![\\w.]).{0,60}?(?:too (?:low|small)|must be (?:at least|set|>)|needs to be (?:at least|set|increased)|is insufficient)',
  ),
  row('Calico', 'requires (?<setting>(?:vm|fs|net|kernel)\\.[\\w.]{3,60}) to be', { weak: true }),
]);

export const SYSCTL = signTable([
  row(
    'sysctl',
    'sysctl: (?:setting|permission denied on|error setting|cannot set|cannot stat|write to).{0,10}?key \'?"?(?<setting>[\\w.]{3,80})',
  ),
  row(
    'sysctl',
    'sysctl: (?:error: )?.{0,20}?(?:\'|"|/proc/sys/)(?<setting>[\\w./-]{3,80}).{0,20}?(?:read-only|permission denied|not permitted|invalid)',
  ),
  row(
    'any program',
    '/proc/sys/(?<setting>[\\w./-]{3,80})["\'`]?\\)?:? ?.{0,30}?(?:read-only file system|permission denied|operation not permitted|EROFS|EACCES|EPERM)',
  ),
  row(
    'any program',
    '(?:permission denied|read-only file system|operation not permitted).{0,60}?/proc/sys/(?<setting>[\\w./-]{3,80})',
  ),
  row(
    'runc, kubelet',
    '(?:forbidden sysctl: |sysctl )"?(?<setting>[\\w./-]{3,80})"? (?:not allowlisted|not whitelisted|is not in a separate kernel namespace|not allowed|is not allowed|: not)',
  ),
  row(
    'any program',
    '(?:failed|unable|could not|cannot|error).{0,20}(?:to )?(?:set(?:ting)?|writ(?:e|ing)|chang(?:e|ing)|apply(?:ing)?) (?:the )?sysctls? ["\'`]?(?<setting>[\\w./-]{3,80})',
  ),
]);

export const DISK_FULL = signTable([
  row('errno', '(?<what>no space left on device|not enough space on the disk|there is not enough space)'),
  row('errno', '(?:\\bENOSPC\\b|errno 28\\b|os error 28\\b|Errcode: 28)(?<what>)'),
  row('quota', '(?<what>disk quota exceeded|\\bEDQUOT\\b|quota exceeded).{0,40}'),
  row('MySQL, MariaDB', '(?<what>Disk is full writing|The table .{1,80} is full|disk full).{0,80}'),
  row('PostgreSQL', '(?<what>could not (?:extend|write|create) (?:file|to file) .{1,120}?: (?:No space|wrote only))'),
  row(
    'Elasticsearch, OpenSearch',
    '(?<what>flood[- ]stage disk watermark|disk usage exceeded.{0,20}watermark).{0,80}',
    { weak: true },
  ),
  row('etcd', '(?<what>mvcc: database space exceeded|etcdserver: no space)'),
  row('RabbitMQ', '(?<what>free disk space is insufficient|disk resource limit alarm)', { weak: true }),
  row(
    'ClickHouse, Cassandra, Kafka, Loki',
    '(?<what>not enough (?:free )?(?:disk )?space|insufficient (?:free )?(?:disk )?space|disk (?:is|space) (?:full|exhausted|low)|out of disk space|ran out of (?:disk )?space|filesystem (?:is )?full).{0,80}',
  ),
  row(
    'shared memory',
    '(?<what>insufficient shared memory|out of shared memory \\(shm\\)|could not resize shared memory segment).{0,80}',
  ),
]);

export const GPU_MEMORY = signTable([
  row(
    'PyTorch',
    '(?<what>CUDA out of memory.{0,120}|HIP out of memory.{0,120}|torch\\.(?:cuda\\.)?OutOfMemoryError.{0,120}|MPS backend out of memory.{0,60})',
  ),
  row(
    'CUDA',
    '(?<what>CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|cudaMalloc.{0,40}out of memory|CUDA error(?: \\d+)?:? out of memory|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED)',
  ),
  row(
    'TensorFlow, JAX',
    '(?<what>OOM when allocating tensor.{0,120}|RESOURCE_EXHAUSTED: (?:Out of memory|Failed to allocate).{0,120})',
  ),
  row(
    'vLLM, TGI, llama.cpp',
    '(?<what>No available memory for the cache blocks.{0,80}|larger than the maximum number of tokens that can be stored in KV cache.{0,20}|Free memory on device.{0,80}less than desired.{0,80}|ggml_(?:cuda|backend_cuda)\\w{0,40}.{0,20}(?:out of memory|failed to allocate|alloc).{0,60}|Not enough (?:GPU )?memory to (?:handle|load).{0,80}|KV cache.{0,80}(?:larger than|not enough|exceeds).{0,60})',
  ),
]);

export const NODE_LACKS = signTable([
  row(
    'NVIDIA',
    '(?<what>nvidia-container-cli: .{0,120}|could not select device driver .{0,80}|NVIDIA-SMI has failed.{0,80}|Failed to initialize NVML.{0,60}|no CUDA-capable device is detected|built for NVIDIA Driver Release .{1,30} or later|CUDA driver version is insufficient.{0,60}|libnvidia-ml\\.so.{0,20}not found|Found no NVIDIA driver.{0,60}|driver not loaded|No CUDA GPUs are available|unresolvable CDI devices .{1,120})',
  ),
  row(
    'modprobe',
    "(?<what>modprobe: (?:FATAL: |can't change directory|ERROR: ).{1,120}|could not insert .{1,80}|failed to load (?:kernel )?module .{1,80}|kernel modules? .{1,60}(?:not (?:found|loaded|available)|missing)|RTNETLINK answers: (?:operation )?not supported|unable to access interface: protocol not supported.{0,40})",
  ),
  row(
    'iptables',
    "(?<what>(?:can't initialize|table) .{1,60}(?:does not exist \\(do you need to insmod\\?\\)|incompatible, use 'nft').{0,40}|iptables.{0,60}(?:Could not fetch rule set|unable to initialize table '\\w{1,20}')|ip_tables.{0,40}not found)",
  ),
  row(
    'storage',
    '(?<what>(?:exec: )?"?(?:iscsiadm|mount\\.\\w{2,12}|multipath|cryptsetup|mkfs\\.\\w{2,8}|nfs-common|open-iscsi)"?.{0,40}(?:not found|not installed|no such file|must be installed).{0,60}|you might need a /sbin/mount\\.\\S{1,20} helper program.{0,20}|unknown filesystem type .{1,40}|bad option; for several filesystems.{0,80})',
  ),
  row(
    'devices',
    '(?:open|stat|access|find|no such file or directory|device|failed).{0,60}?(?<what>/dev/(?:kvm|fuse|net/tun|dri\\S{0,20}|nvidia\\S{0,20}|infiniband\\S{0,20}|vfio\\S{0,20}|ttyUSB\\d|video\\d|kfd|sgx\\S{0,20}|vhost-net)).{0,80}',
  ),
  row(
    'devices',
    '(?<what>/dev/(?:kvm|fuse|net/tun|dri\\S{0,20}|nvidia\\S{0,20}|infiniband\\S{0,20}|vfio\\S{0,20}|kfd|vhost-net))["\'`]?:? .{0,30}(?:no such (?:file|device)|not found|does not exist|not present|missing|unavailable)',
  ),
  row(
    'eBPF',
    '(?<what>(?:BTF|BPF|eBPF).{0,80}(?:not supported|not available|not found|disabled|missing|unsupported|no such).{0,60}|kernel (?:version )?.{0,30}(?:is too old|not supported|too old|does not support).{0,60}|requires? (?:Linux )?kernel (?:version )?(?:>=?|[\\d.]+|at least).{0,40}|(?:Minimal|minimum) kernel version.{0,60})',
  ),
  row(
    'cgroups',
    '(?<what>cgroup ?v?2?.{0,40}(?:is not mounted|not mounted|not supported|not found|mountpoint does not exist|required).{0,60})',
  ),
  row(
    'WireGuard, overlay',
    '(?<what>(?:wireguard|overlay|br_netfilter|ip_vs|nf_conntrack|vxlan|xt_\\w{2,20}|ipip).{0,40}(?:not supported|Unknown device type|operation not supported|not (?:found|loaded|available)|no such device).{0,40})',
  ),
  row(
    'kernel options',
    '(?<what>\\bCONFIG_[A-Z0-9_]{3,60}\\b.{0,60}(?:is |are )?(?:required|not (?:set|enabled|found)|missing|disabled))',
  ),
  row('modprobe', "(?<what>(?:fuse|device): device not found.{0,60}|try '?modprobe \\w{1,20}.{0,20})"),
  row(
    'helpers that the runtime runs on the host',
    '(?<what>exec: \\\\?"(?:apparmor_parser|nvidia-container-\\w{2,20}|nvidia-ctk|conmon|newuidmap|fuse-overlayfs|runc|crun|kata-runtime|runsc|criu)\\\\?".{0,60}not found.{0,20})',
  ),
  row('netfilter', '(?<what>/proc/sys/net/bridge/bridge-nf-call-ip6?tables.{0,40}no such file.{0,20})'),
]);
