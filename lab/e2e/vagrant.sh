#!/bin/bash
# Proves the Vagrantfile and --guest vagrant with real parts: Vagrant, libvirt, and a machine of Debian 12 under emulation,
# whose box is made here. Too slow for CI; its output is reports/reference/vagrant.txt:
#
#   sudo apt-get install --no-install-recommends vagrant vagrant-libvirt libvirt-daemon libvirt-daemon-driver-qemu \
#     libvirt-clients qemu-system-x86 qemu-utils dnsmasq-base iptables e2fsprogs mmdebstrap openssh-client
#   sudo lab/e2e/vagrant.sh >reports/reference/vagrant.txt
#
# --keep-box DIR proves nothing: it makes the box in a new folder, with a Vagrantfile that boots it, and says how to use it.
#
# libvirtd runs in network, mount and process namespaces of its own: the host's network, files and daemons are not touched,
# and everything ends with them.
set -euo pipefail
home=$(cd "$(dirname "$0")/../.." && pwd)
machine=k6-1
cache=${XDG_CACHE_HOME:-$HOME/.cache}

# What the namespaces hold: a libvirtd, as its package would have set it up.
start_libvirtd() {
	ip link set lo up
	mount -t tmpfs none /etc/libvirt
	mount -t tmpfs none /var/log
	mkdir -p /run/libvirt /var/lib/libvirt /etc/libvirt/qemu /var/log/libvirt/qemu "$work/libvirt"
	mount -t tmpfs none /run/libvirt
	mount --bind "$work/libvirt" /var/lib/libvirt
	mkdir -p /var/lib/libvirt/{images,dnsmasq,qemu}
	for file in passwd group; do
		cp /etc/$file "$work/$file"
		mount --bind "$work/$file" /etc/$file
	done
	getent passwd libvirt-qemu >/dev/null || echo 'libvirt-qemu:x:64055:64055::/:/bin/false' >>/etc/passwd
	getent group libvirt-qemu >/dev/null || echo 'libvirt-qemu:x:64055:' >>/etc/group
	getent group kvm >/dev/null || echo 'kvm:x:64056:' >>/etc/group
	cat >/etc/libvirt/qemu.conf <<-'CONF'
		user = "root"
		group = "root"
		security_driver = "none"
		cgroup_controllers = [ ]
		namespaces = [ ]
		stdio_handler = "file"
	CONF
	printf 'auth_unix_rw = "none"\nunix_sock_group = "root"\n' >/etc/libvirt/libvirtd.conf
	libvirtd >"$work/libvirtd.log" 2>&1 &
	until [ -S /run/libvirt/libvirt-sock ]; do kill -0 $! || { cat "$work/libvirtd.log" >&2; exit 1; }; sleep 0.1; done
	virsh -q pool-define-as default dir --target /var/lib/libvirt/images >/dev/null
	virsh -q pool-start default >/dev/null
}

# The repository's machines, but for a box that boots under emulation, by its kernel: it needs no boot loader.
write_vagrantfile() {
	mkdir -p "$work/cwd"
	cat >"$work/cwd/Vagrantfile" <<-RUBY
		load '$home/Vagrantfile'
		Vagrant.configure('2') do |config|
		  config.vm.define('$machine') { |it| it.vm.box = 'file://$work/bookworm.box' }
		  config.vm.boot_timeout = 600
		  config.vm.provider(:libvirt) do |libvirt|
		    libvirt.driver = 'qemu'
		    libvirt.cpu_mode = 'maximum'
		    libvirt.kernel = '$work/vmlinuz'
		    libvirt.initrd = '$work/initrd'
		    libvirt.cmd_line = 'root=/dev/vda console=ttyS0'
		    libvirt.graphics_type = 'none'
		    libvirt.video_type = 'none'
		  end
		end
	RUBY
}

make_box() {
	root=$work/root
	# It mounts below the root, and may be killed before it unmounts: with the namespace such mounts are gone.
	unshare --mount mmdebstrap --quiet --variant=minbase \
		--include=linux-image-cloud-amd64,openssh-server,sudo,systemd-sysv,udev,dbus,iproute2,kmod,haproxy bookworm "$root"
	# Its program is wanted, its service is not.
	rm -f "$root/etc/systemd/system/multi-user.target.wants/haproxy.service"
	chroot "$root" useradd -m -s /bin/bash vagrant
	mkdir -p "$root/home/vagrant/.ssh"
	# The key that each box has, and that Vagrant replaces.
	cp "$(find /usr/share /opt -name vagrant.pub -path '*keys*' 2>/dev/null | head -1)" "$root/home/vagrant/.ssh/authorized_keys"
	chroot "$root" chown -R vagrant:vagrant /home/vagrant
	echo 'vagrant ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/vagrant"
	printf '[Match]\nName=en* eth*\n[Network]\nDHCP=ipv4\n' >"$root/etc/systemd/network/80-dhcp.network"
	ln -s /lib/systemd/system/systemd-networkd.service "$root/etc/systemd/system/multi-user.target.wants/"
	echo '/dev/vda / ext4 defaults 0 1' >"$root/etc/fstab"
	cp "$root"/boot/vmlinuz-* "$work/vmlinuz"
	cp "$root"/boot/initrd.img-* "$work/initrd"
	mke2fs -q -t ext4 -d "$root" "$work/box.raw" 1500M
	qemu-img convert -O qcow2 "$work/box.raw" "$work/box.img"
	echo '{"provider":"libvirt","format":"qcow2","virtual_size":2}' >"$work/metadata.json"
	tar -C "$work" -czf "$work/bookworm.box" metadata.json box.img
	rm -rf "$root" "$work/box.raw" "$work/box.img"
}

# What was printed, but for where this was made.
plain() {
	sed -e 's/\r//g' -e 's/\x1b\[K//g' -e "s#$work#/tmp/work#g" -e "s#$cache#~/.cache#g" | grep -v 'Progress:' || true
}

# Tells the status of a command, and ends all of this where it is another than expected.
told() {
	echo "(exit status $2)"
	echo
	[[ "$2" == $1 ]] || { echo "expected exit status $1" >&2; exit 1; }
}

# A run in which each cell is measured. 1: with so few reloads, emulated, a verdict may be open, or a price too high.
MEASURED='[01]'

# Shows a command and what it prints. With --status N it must end with N, else with 0.
show() {
	expected=0
	[ "$1" != --status ] || { expected=$2; shift 2; }
	echo "\$ ${*//$work//tmp/work}"
	set +e
	"$@" 2>&1 | plain
	status=${PIPESTATUS[0]}
	set -e
	told "$expected" "$status"
}

# Shows a run that gets a signal as soon as a command succeeds.
interrupted() {
	signal=$1 when=$2
	shift 2
	echo "\$ ${*//$work//tmp/work}    # SIG$signal comes"
	"$@" >"$work/said" 2>&1 &
	until eval "$when" >/dev/null 2>&1; do kill -0 $! || break; sleep 0.2; done
	kill "-$signal" $!
	status=0
	wait $! || status=$?
	plain <"$work/said"
	told 130 "$status"
}

# Shows that the machine does not exist.
destroyed() {
	show sh -c "vagrant status $machine | grep 'not created'"
}

prove() {
	start_libvirtd
	export VAGRANT_CWD=$work/cwd VAGRANT_HOME=$work/vagrant VAGRANT_DEFAULT_PROVIDER=libvirt
	cd "$home"
	export HITLESS_ROOT=$work/guest-root
	lab=(node --import tsx lab/run.ts --guest vagrant --kernel $machine --users 80 --boots 1 --duration 3)
	show vagrant --version
	show vagrant plugin list
	show vagrant validate
	show vagrant up $machine
	show vagrant ssh $machine -c 'uname -a; nproc; systemd-detect-virt'
	echo "# It has the root of a guest, which HITLESS_ROOT named:"
	show --status 5 vagrant ssh $machine -c "echo 'reload; load 1; exit 5' | sudo /opt/hitless/enter"
	echo "# The lab's own HAProxy, and that of the distribution:"
	show --status "$MEASURED" "${lab[@]}" --haproxy 2.6,distribution --case none,fd-passing --out "$work/run-1"
	show npx tsx lab/verify.ts "$work/run-1"
	echo "# It ran before, so it still does, and nothing of the lab is left in it:"
	show vagrant ssh $machine -c "$LEFT"
	show vagrant ssh $machine -c 'sudo dpkg --remove haproxy'
	show --status 3 "${lab[@]}" --haproxy distribution --case none --out "$work/none"
	show vagrant destroy -f $machine
	echo "# The lab brings it up, and is interrupted while it does:"
	interrupted INT "virsh -q list | grep -q $machine" "${lab[@]}" --case none --out "$work/none"
	destroyed
	echo "# The lab is interrupted in its second cell. The machine is kept, as asked for, and nothing of the cell is left:"
	interrupted TERM "ls $work/run-2/*fd-passing*/boot-1/events.jsonl" "${lab[@]}" --keep --case none,fd-passing --out "$work/run-2"
	show vagrant ssh $machine -c "$LEFT"
	show --status "$MEASURED" node --import tsx lab/run.ts --resume "$work/run-2"
	show vagrant destroy -f $machine
	echo "# The lab brings it up and is interrupted in its second cell; a run that is resumed brings it up again, and destroys it:"
	interrupted INT "ls $work/run-3/*fd-passing*/boot-1/events.jsonl" "${lab[@]}" --case none,fd-passing --out "$work/run-3"
	destroyed
	echo "# Had it been accelerated before, it would be refused, as its numbers would be pooled:"
	cp -r "$work/run-3" "$work/run-4"
	sed -i 's/"accel":"tcg"/"accel":"kvm"/g' "$work/run-4/plan.json"
	show --status 3 node --import tsx lab/run.ts --resume "$work/run-4"
	destroyed
	show --status "$MEASURED" node --import tsx lab/run.ts --resume "$work/run-3"
	destroyed
	show grep -h '"qemu"\|"provider"' "$work/run-3/result.json"
}

# Shows what is left of the lab in a machine, and fails where something is: folders, and processes. Those are found by their
# process namespaces, of which a guest has its own and the rest of the machine has one. Names would not do: a distribution's
# program runs by that of its loader, and pgrep knows 15 characters of each.
LEFT='! ls -d /var/tmp/hitless-* 2>/dev/null && sudo lsns --type pid && [ "$(sudo lsns --noheadings --type pid | wc -l)" = 1 ]'

if [ "${1-}" = --inside ]; then
	work=$2
	prove
	exit
fi
if [ "${1-}" = --keep-box ]; then
	work=$(realpath -m "${2:?expected a folder that is new}")
	mkdir "$work"
	make_box >&2
	write_vagrantfile
	echo "export VAGRANT_CWD=$work/cwd VAGRANT_DEFAULT_PROVIDER=libvirt"
	exit
fi
work=$(mktemp -d /var/tmp/hitless-vagrant-XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT
# What guests are made of is fetched and built before, as libvirtd's namespace has no network.
(cd "$home" && npx tsx lab/shell.ts --root "$work/guest-root") >&2
make_box >&2
write_vagrantfile
unshare --net --mount --pid --fork --kill-child --mount-proc "$0" --inside "$work"
