/* SPDX-License-Identifier: MIT */
/* What tools/gen_requests.py makes of abi/requests.tbl. */
#include <gen/requests.h>

#include "../lib/tap.h"

struct entry {
	int number;
	const char *name;
	int fallback;
};

static const struct entry entries[] = {
#define REQUEST(number, name, fallback, text) { number, #name, fallback },
#include <gen/requests.h>
#undef REQUEST
};

static const struct node_ops nothing;

static err_t just_seven(struct node *n, struct req_readlink *r)
{
	CHECK(n->ops->readlink == just_seven);
	r->len = r->buf.size + 7;
	return 0;
}

static const struct node_ops one_op = { .readlink = just_seven };

static void numbers_and_names_are_unique(void)
{
	size_t n = sizeof(entries) / sizeof(entries[0]), i, j;

	CHECK(n == REQUEST_MAX);
	for (i = 0; i < n; i++) {
		CHECK(entries[i].fallback > 0);
		for (j = 0; j < i; j++) {
			CHECK(entries[i].number != entries[j].number);
			CHECK(strcmp(entries[i].name, entries[j].name) != 0);
		}
	}
}

static void a_missing_request_gives_its_fallback(void)
{
	struct node n = { .ops = &nothing };
	struct req_lookup lookup = { .cred = NULL };
	struct req_rename rename = { .cred = NULL };
	struct req_getxattr xattr = { .cred = NULL };

	CHECK(node_req_lookup(&n, &lookup) == -ENOTDIR);
	CHECK(node_req_rename(&n, &rename) == -EXDEV);
	CHECK(node_req_getxattr(&n, &xattr) == -EOPNOTSUPP);
}

static void a_request_reaches_its_function(void)
{
	struct node n = { .ops = &one_op };
	struct req_readlink r = { .buf = { NULL, 3 } };

	CHECK(node_req_readlink(&n, &r) == 0);
	CHECK(r.len == 10);
}

TAP_MAIN(numbers_and_names_are_unique, a_missing_request_gives_its_fallback,
	 a_request_reaches_its_function)
