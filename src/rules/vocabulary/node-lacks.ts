// How programs say that the node lacks what they need of it: devices, kernel modules and options, helpers on the host.
// The group `what` holds the words.

import { signTable } from '../../core/log-signs.ts';
import { rowInAnyCase as row } from './row.ts';

export const NODE_LACKS = signTable([
  row(
    'NVIDIA',
    '(?<what>nvidia-container-cli: .{0,120}|error running (?:prestart )?hook.{0,200}Auto-detected mode as .{0,40}|could not select device driver .{0,80}|NVIDIA-SMI has failed.{0,80}|Failed to initialize NVML.{0,60}|could not load NVML library|nvml: (?:Not Supported|Driver Not Loaded|Driver/library version mismatch|Unknown Error)|no CUDA-capable device is detected|built for NVIDIA Driver Release .{1,30} or later|CUDA driver version is insufficient.{0,60}|(?:libnvidia-\\w{1,20}|libcuda)\\.so[.\\d]{0,8}(?:.{0,20}not found|: cannot open shared object)|failed to validate the driver.{0,80}|Incompatible \\w{3,9} detected|did you configure the NVIDIA Container Toolkit|Found no NVIDIA driver.{0,60}|driver not loaded|NVIDIA driver on your system is too old.{0,60}|No CUDA GPUs are available|unresolvable CDI devices .{1,120})',
  ),
  row(
    'vLLM, where no accelerator is seen',
    '(?<what>Failed to infer device type|No platform detected, vLLM is running on \\w{1,40})',
    {
      weak: true,
    },
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
    '(?<what>(?:exec: )?"?(?:iscsiadm|mount\\.\\w{2,12}|multipath|cryptsetup|mkfs\\.\\w{2,8}|nfs-common|open-iscsi)"?.{0,40}(?:not found|not installed|no such file|must be installed).{0,60}|(?:[\\w-]{2,30} )?(?:package|utility) is required on the host|does not exist on the host.{0,80}|you might need a /sbin/mount\\.\\S{1,20} helper program.{0,20}|unknown filesystem type .{1,40}|bad option; for several filesystems.{0,80})',
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
  row(
    'KVM, Falco: the module behind a device',
    '(?<what>Could not access KVM kernel module.{0,40}|error opening device /host/dev/\\w{1,20}.{0,120})',
  ),
  row('netfilter', '(?<what>/proc/sys/net/bridge/bridge-nf-call-ip6?tables.{0,40}no such file.{0,20})'),
]);
