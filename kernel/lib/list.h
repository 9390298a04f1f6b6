/* SPDX-License-Identifier: MIT */
/*
 * Intrusive circular doubly linked list.
 *
 * One struct for heads and for links.  list_del() leaves the link pointing
 * at itself, so that list_linked() tells whether something is on a list,
 * and a second list_del() is harmless.
 *
 * Locking is the owner's business.
 */
#pragma once

#include <lib/types.h>

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(name) \
	{ \
		&(name), &(name) \
	}

static inline void list_init(struct list *l)
{
	l->next = l;
	l->prev = l;
}

static inline bool list_empty(const struct list *head)
{
	return head->next == head;
}

/* Whether an initialised link is on some list. */
static inline bool list_linked(const struct list *l)
{
	return l->next != l;
}

static inline void list_insert_between(struct list *l, struct list *prev,
				       struct list *next)
{
	l->next = next;
	l->prev = prev;
	next->prev = l;
	prev->next = l;
}

/* As the first one of @head, or right behind the element @head. */
static inline void list_add(struct list *head, struct list *l)
{
	list_insert_between(l, head, head->next);
}

/* As the last one of @head, or right before the element @head. */
static inline void list_add_tail(struct list *head, struct list *l)
{
	list_insert_between(l, head->prev, head);
}

static inline void list_del(struct list *l)
{
	l->next->prev = l->prev;
	l->prev->next = l->next;
	list_init(l);
}

/* @l, which is on no list, takes the place of @old. */
static inline void list_replace(struct list *old, struct list *l)
{
	list_insert_between(l, old->prev, old->next);
	list_init(old);
}

/* Everything on @from goes to the end of @head; @from is left empty. */
static inline void list_splice_tail(struct list *head, struct list *from)
{
	if (list_empty(from))
		return;
	from->next->prev = head->prev;
	head->prev->next = from->next;
	from->prev->next = head;
	head->prev = from->prev;
	list_init(from);
}

/* Takes the first link off, or NULL. */
static inline struct list *list_pop(struct list *head)
{
	struct list *l = head->next;

	if (l == head)
		return NULL;
	list_del(l);
	return l;
}

#define list_entry(ptr, type, member) container_of(ptr, type, member)
/* These three want a list that is not empty. */
#define list_first(head, type, member) list_entry((head)->next, type, member)
#define list_last(head, type, member)  list_entry((head)->prev, type, member)
#define list_next(pos, member) \
	list_entry((pos)->member.next, __typeof__(*(pos)), member)

/* @it is a struct list *. */
#define list_foreach(it, head) \
	for ((it) = (head)->next; (it) != (head); (it) = (it)->next)
/* The body may take @it off the list, but not @tmp. */
#define list_foreach_safe(it, tmp, head) \
	for ((it) = (head)->next, (tmp) = (it)->next; (it) != (head); \
	     (it) = (tmp), (tmp) = (it)->next)

/* @pos points to the struct that has the link @member. */
#define list_foreach_entry(pos, head, member) \
	for ((pos) = list_entry((head)->next, __typeof__(*(pos)), member); \
	     &(pos)->member != (head); (pos) = list_next(pos, member))
#define list_foreach_entry_safe(pos, tmp, head, member) \
	for ((pos) = list_entry((head)->next, __typeof__(*(pos)), member), \
	    (tmp) = list_next(pos, member); \
	     &(pos)->member != (head); \
	     (pos) = (tmp), (tmp) = list_next(pos, member))
