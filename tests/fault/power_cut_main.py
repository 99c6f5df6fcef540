"""Cuts the power of a real file system under load, many times, and counts what was acknowledged and is gone. Needs root and loop
devices: power_cut_main.py [cuts]. Ends with 1 when something was lost, or when the negative control lost nothing."""

import fcntl
import os
import shutil
import struct
import subprocess
import sys
import tempfile

from store_faults import Store, dice_of, revision_of


class LoopDisk:
    """A file system in a file, which a power cut shuts down: nothing that it had not written itself survives. Needs root and loop
    devices."""

    GOING_DOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN: _IOR('X', 125, __u32)
    WITHOUT_FLUSH = 2

    def __init__(self, mebibytes=512):
        self.folder = tempfile.mkdtemp(prefix="dangjian-loop-")
        self.image, self.root = os.path.join(self.folder, "image"), os.path.join(self.folder, "root")
        os.mkdir(self.root)
        with open(self.image, "wb") as file:
            file.truncate(mebibytes << 20)
        subprocess.run(["mkfs.ext4", "-q", self.image], check=True)
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.image, self.root], check=True)

    def cut_power(self):
        descriptor = os.open(self.root, os.O_RDONLY)
        fcntl.ioctl(descriptor, self.GOING_DOWN, struct.pack("I", self.WITHOUT_FLUSH))
        os.close(descriptor)

    def back_again(self):
        subprocess.run(["umount", self.root], check=True)
        self.mount()

    def remove(self):
        subprocess.run(["umount", self.root], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def run(cuts, **faults):
    """Returns (cuts after which something acknowledged was gone, acknowledged commits)."""
    disk = LoopDisk()
    try:
        store, lost = Store(disk.root), 0
        for seed in range(cuts):
            dice = dice_of(seed)

            def cut():
                disk.cut_power()
                return True

            store.write(commits=2 * dice.randint(1, 600), outstanding=dice.choice([1, 8, 64]),
                        environment=store.environment(**faults) if faults else None, while_writing=cut)
            disk.back_again()
            verdict = store.check()
            revision = revision_of(verdict)
            if revision is None or revision < store.acknowledged:
                print(f"cut {seed}: {store.acknowledged} acknowledged, {verdict}")
                lost += 1
                break
            store.acknowledged = revision
        return lost, store.acknowledged
    finally:
        disk.remove()


def main(cuts):
    lost, acknowledged = run(cuts)
    print(f"{cuts} power cuts, {acknowledged} acknowledged, {lost} cuts lost something")
    control, _ = run(3, skip_sync=1)
    print(f"negative control, which does not sync: {'red, as it must be' if control else 'NOT RED'}")
    return 0 if lost == 0 and control else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
