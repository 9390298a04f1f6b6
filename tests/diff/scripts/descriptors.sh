# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=all
# exec with descriptors: several files open, saved and restored.
exec 3> a 4> b; echo to a >&3; echo to b >&4; echo more >&3; exec 3>&- 4>&-; cat a b
exec 5>&1; exec > captured; echo hidden; exec >&5 5>&-; echo visible; cat captured
exec 3<> rw; echo hello >&3; exec 3>&-; cat rw
exec 3< a; cat <&3; exec 3<&-
(echo x >&7) 2> /dev/null; echo "status $?"
exec 6< a; read -r l <&6; echo "$l"; cat <&6; exec 6<&-
{ echo one; echo two >&3; } 3> three; cat three
f() { echo "fd3: $(cat <&3)"; }; f 3< b
sh -c 'echo inherited >&8' 8> eight; cat eight
exec 9> nine; sh -c 'echo also >&9'; exec 9>&-; cat nine
echo data > in; exec < in; read -r v; echo "$v"; read -r v; echo "end $?"
exec cat < a
