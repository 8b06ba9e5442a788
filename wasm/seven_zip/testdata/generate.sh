#!/bin/bash
# Makes the fixtures of this folder anew; see README.md. Not needed by the tests.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export TZ=UTC SOURCE_DATE_EPOCH=1711276032

mkdir -p in/d
printf 'hello world\n' > in/a.txt
seq 1 300 > in/b.txt
printf 'deep\n' > in/d/c.txt
find in -exec touch -d @$SOURCE_DATE_EPOCH {} +
cd in

keep() { base64 -w 76 "$1" > "$here/$(basename "$1").b64"; }
pack() { local name=$1; shift; (7zz a -bd -bso0 -bsp0 "$@" "../$name" a.txt b.txt d); keep "../$name"; }

pack solid.7z -mx=5
pack encrypted.7z -psecret
pack header_encrypted.7z -psecret -mhe
7zz a -bd -bso0 -bsp0 -psecret -mhe -mhc=off ../header_encrypted_unpacked.7z a.txt; keep ../header_encrypted_unpacked.7z
pack deflate.zip -tzip
pack aes.zip -tzip -mem=AES256 -psecret
zip -q -X -P infected ../zipcrypto.zip a.txt b.txt d/c.txt; keep ../zipcrypto.zip
cp a.txt plain.txt
zip -q -X ../mixed.zip plain.txt; zip -q -X -P infected ../mixed.zip a.txt; zip -q -X -P secret ../mixed.zip d/c.txt; keep ../mixed.zip
mkdir many; for i in $(seq 10 29); do printf $i > many/$i; done
zip -q -X -P infected -j ../many_encrypted.zip many/*; keep ../many_encrypted.zip; rm -r many
zip -q -X - b.txt < /dev/null | cat > ../streamed.zip; keep ../streamed.zip
ln -s ../../etc/passwd outside; ln -s a.txt inside
zip -q -X -y ../links.zip a.txt outside inside; keep ../links.zip
gzip -n -c a.txt > ../nameless.gz; keep ../nameless.gz
touch -d @$SOURCE_DATE_EPOCH a.txt; gzip -k a.txt; mv a.txt.gz ../named.gz; keep ../named.gz
bzip2 -c a.txt > ../a.bz2; keep ../a.bz2
xz -c a.txt > ../a.xz; keep ../a.xz
xz --format=lzma -c a.txt > ../a.lzma; keep ../a.lzma
zstd -q -c a.txt > ../a.zst; keep ../a.zst
compress -c b.txt > ../b.Z; keep ../b.Z
ln a.txt hard; mkfifo pipe; mknod device c 1 3
tar -cf - --owner=0 --group=0 a.txt hard inside outside pipe device d | gzip -n9 > ../links.tar.gz; keep ../links.tar.gz
rm hard pipe device
printf '%s\n' a.txt d d/c.txt | cpio -o -H newc --quiet > ../newc.cpio; keep ../newc.cpio
gcab -c -z ../mszip.cab a.txt b.txt; keep ../mszip.cab
genisoimage -quiet -R -o ../small.iso a.txt d; gzip -n9 ../small.iso; keep ../small.iso.gz
ar rcD ../plain.a a.txt b.txt; keep ../plain.a
arj a -i ../a.arj a.txt b.txt > /dev/null; keep ../a.arj
jlha -aq ../a.lzh a.txt > /dev/null; keep ../a.lzh
wimlib-imagex capture d ../d.wim --quiet --no-acls > /dev/null; keep ../d.wim
mksquashfs d ../d.squashfs -quiet -no-progress -noappend -all-root > /dev/null; gzip -n9 ../d.squashfs; keep ../d.squashfs.gz
truncate -s 64K ../fat.img; mkfs.vfat -F 12 -i 12345678 ../fat.img > /dev/null; mcopy -i ../fat.img a.txt ::A.TXT; gzip -n9 ../fat.img; keep ../fat.img.gz
mkdir -p ../deb/DEBIAN; cp a.txt ../deb
printf 'Package: t\nVersion: 1\nArchitecture: all\nMaintainer: x\nDescription: d\n' > ../deb/DEBIAN/control
dpkg-deb -b ../deb ../t.deb > /dev/null; keep ../t.deb
cat > ../t.spec <<'SPEC'
Name: t
Version: 1
Release: 1
Summary: t
License: x
BuildArch: noarch
%description
t
%install
mkdir -p %{buildroot}/opt
echo hello > %{buildroot}/opt/a.txt
%files
/opt/a.txt
SPEC
rpmbuild -bb --quiet --define "_topdir $work/rpm" ../t.spec > /dev/null 2>&1
cp "$work"/rpm/RPMS/noarch/t-1-1.noarch.rpm ../t.rpm; gzip -n9 ../t.rpm; keep ../t.rpm.gz
cat > ../t.wxs <<'WXS'
<?xml version="1.0"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi"><Product Id="12345678-1234-1234-1234-000000000000" UpgradeCode="12345678-1234-1234-1234-111111111111" Name="t" Version="0.0.1" Manufacturer="x" Language="1033"><Package InstallerVersion="200" Compressed="yes" Comments="c"/><Media Id="1" Cabinet="product.cab" EmbedCab="yes"/><Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFilesFolder"><Directory Id="INSTALLDIR" Name="Ex"><Component Id="AF" Guid="12345678-1234-1234-1234-222222222222"><File Id="AFile" Source="a.txt"/></Component></Directory></Directory></Directory><Feature Id="D" Level="1"><ComponentRef Id="AF"/></Feature></Product></Wix>
WXS
wixl -o ../t.msi ../t.wxs; gzip -n9 ../t.msi; keep ../t.msi.gz
python3 "$here/generate_rar5.py" ../stored.rar; keep ../stored.rar
