import assert from "node:assert/strict";
import { test } from "node:test";
import { networkFileSystem } from "./network-file-system.ts";

test("network file systems are known by their type, also sign-extended", () => {
  assert.equal(networkFileSystem(0x6969), "NFS");
  assert.equal(networkFileSystem(0xff534d42), "CIFS");
  assert.equal(networkFileSystem(0xff534d42 | 0), "CIFS");
  assert.equal(networkFileSystem(0x01021997), "9P");
});

test("local file systems are no network", () => {
  const local = { ext4: 0xef53, tmpfs: 0x01021994, xfs: 0x58465342, btrfs: 0x9123683e, overlay: 0x794c7630 };
  for (const type of Object.values(local)) assert.equal(networkFileSystem(type), undefined);
});
