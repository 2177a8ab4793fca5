// Magic numbers of statfs(2) for file systems whose locks or shared memory SQLite's WAL cannot rely on.
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xfe534d42, "SMB2"],
  [0xff534d42, "CIFS"],
  [0x5346414f, "AFS"],
  [0x73757245, "Coda"],
  [0x00c36400, "Ceph"],
  [0x47504653, "GPFS"],
  [0x0bd00bd0, "Lustre"],
  [0x01021997, "9P"],
]);

/** The name of the network file system that a statfs type stands for, or undefined for a local one. */
export function networkFileSystem(type: number): string | undefined {
  // Some kernels give the number sign-extended.
  return networkTypes.get(type >>> 0);
}
