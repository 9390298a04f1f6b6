#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""gen_requests.py abi/requests.tbl OUT.h|OUT.md

Entries of the table:

    request NUMBER NAME FALLBACK "what it does"
        in  NAME TYPE
        out NAME TYPE

The header has enum request_nr, struct req_NAME for each request, struct
node_ops with one function each, and node_req_NAME(), which sends a request
or answers with its fallback.  Where REQUEST(number, name, fallback, text) is
defined at an inclusion it is expanded once for each request.
"""
import sys

from gen_common import die, header, md_header, rows, write

TYPES = {
    "name": "struct name ",
    "node": "struct node *",
    "attr": "struct node_attr ",
    "uio": "struct uio *",
    "desc": "struct desc *",
    "sink": "struct sink *",
    "buffer": "struct buffer ",
    "statfs": "struct statfs_info ",
    "path": "struct path ",
    "uint32_t": "uint32_t ",
    "uint64_t": "uint64_t ",
    "size_t": "size_t ",
}


class Request:
    def __init__(self, number, name, fallback, text):
        self.number, self.name = number, name
        self.fallback, self.text = fallback, text
        self.args = []


def read(path):
    requests, seen = [], set()
    for number, fields, _ in rows(path):
        if fields[0] == "request":
            if len(fields) != 5 or not fields[4].startswith('"'):
                die(path, number, 'expected: request NUMBER NAME FALLBACK '
                    '"text"')
            if fields[1] in seen or fields[2] in seen:
                die(path, number, "request %s is there already" % fields[2])
            seen.update(fields[1:3])
            requests.append(Request(int(fields[1]), fields[2], fields[3],
                                    fields[4].strip('"')))
        elif fields[0] in ("in", "out"):
            if len(fields) != 3 or not requests:
                die(path, number, "expected: in|out NAME TYPE")
            if fields[2] not in TYPES:
                die(path, number, "unknown type %s" % fields[2])
            if fields[1] in [a[1] for a in requests[-1].args]:
                die(path, number, "%s is there already" % fields[1])
            requests[-1].args.append(fields)
        else:
            die(path, number, "expected request, in or out")
    return requests


def c_struct(r):
    out = ["/* %s */" % r.text, "struct req_%s {" % r.name,
           "\tconst struct cred *cred;", "\tnsec_t deadline;"]
    for direction, name, kind in r.args:
        out.append("\t%s%s; /* %s */" % (TYPES[kind], name, direction))
    return out + ["};", ""]


def c_sender(r):
    return ["static inline __must_check err_t",
            "node_req_%s(struct node *n, struct req_%s *r)" % (r.name, r.name),
            "{", "\tif (n->ops->%s == NULL)" % r.name,
            "\t\treturn -%s;" % r.fallback,
            "\treturn n->ops->%s(n, r);" % r.name, "}", ""]


def c_text(path, requests):
    out = [header(path, __file__), "#ifndef GEN_REQUESTS_H",
           "#define GEN_REQUESTS_H", "", "#include <lib/err.h>",
           "#include <ns/node.h>", "", "enum request_nr {"]
    out += ["\tREQUEST_%s = %d," % (r.name.upper(), r.number)
            for r in requests]
    out += ["\tREQUEST_MAX = %d," % max(r.number for r in requests), "};", ""]
    for r in requests:
        out += c_struct(r)
    out += ["struct node_ops {"]
    out += ["\terr_t (*%s)(struct node *n, struct req_%s *r);"
            % (r.name, r.name) for r in requests]
    out += ["};", ""]
    for r in requests:
        out += c_sender(r)
    out += ["#endif", "", "#ifdef REQUEST"]
    out += ['REQUEST(%d, %s, %s, "%s")'
            % (r.number, r.name, r.fallback, r.text) for r in requests]
    return "\n".join(out + ["#endif", ""])


def md_text(path, requests):
    out = [md_header("Requests to file servers", path, __file__),
           "One protocol between name spaces and file servers. Every request "
           "also carries the caller's credentials and a deadline. A server "
           "that lacks a request answers with the fallback.\n\n",
           "| number | request | arguments | results | fallback | meaning "
           "|\n|--:|---|---|---|---|---|\n"]
    for r in requests:
        cells = [", ".join("%s: %s" % (n, t) for d, n, t in r.args if d == way)
                 for way in ("in", "out")]
        out.append("| %d | %s | %s | %s | %s | %s |\n" %
                   (r.number, r.name, cells[0], cells[1], r.fallback, r.text))
    return "".join(out)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    path, out = sys.argv[1:]
    requests = read(path)
    write(out, (md_text if out.endswith(".md") else c_text)(path, requests))


if __name__ == "__main__":
    main()
