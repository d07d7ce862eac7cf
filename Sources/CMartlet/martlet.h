/* Martlet in a process of your own: look features up without a network.
 *
 *     char *error = NULL;
 *     martlet *project = martlet_open("shop", NULL, &error);
 *     if (!project) { fprintf(stderr, "%s\n", error); martlet_free(error); return 1; }
 *     ...
 *     martlet_close(project);
 *
 * The process owns the project's online store while it is open, as `martlet serve` would: one of the two
 * at a time. Any number of threads may call at once, but nobody may call while or after somebody closes.
 * A process that has opened a project does not fork. Link with -lmartlet.
 */
#ifndef MARTLET_H
#define MARTLET_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The Arrow C data interface, as its specification has it, so that columns go to and from pyarrow, Polars,
 * DuckDB and others as they are. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

#endif

/* A project whose online store is open. */
typedef struct martlet martlet;

/* What a call says that did what it was asked to. Other numbers are those of HTTP's statuses. */
#define MARTLET_OK 200

/* The statuses of values, as numbers of an answer's columns of statuses. */
#define MARTLET_PRESENT 0 /* there is a value */
#define MARTLET_NULL 1    /* there are rows, and the value is null */
#define MARTLET_EXPIRED 2 /* the newest state is older than its feature set keeps */
#define MARTLET_MISSING 3 /* there is no row that the feature set could still see */

/* Opens the project in `folder` by the definitions that were last applied, and loads what is materialized.
 *
 * `store` is the folder of what is stored; NULL is `.martlet` in the project's folder. Where it cannot be
 * opened the result is NULL, and `*error` a text that says why. */
martlet *martlet_open(const char *folder, const char *store, char **error);

/* Closes a project; NULL is none. Answers that were got from it stay good. */
void martlet_close(martlet *project);

/* Takes in what was applied and materialized since: lookups that begin later are answered by it, and none
 * is answered by both. Others may look features up meanwhile. Anything but MARTLET_OK leaves what was
 * served before, and says why in `*error`. */
int martlet_update(martlet *project, char **error);

/* Answers `question`, the body of a `POST /v1/get`, of `length` bytes.
 *
 * `*answer`, of `*answer_length` bytes and ended by a zero beyond them, is what HTTP's body would be: the
 * answer for MARTLET_OK, and a problem of RFC 9457 for anything else. It is the caller's to free. */
int martlet_get_json(martlet *project, const char *question, size_t length, char **answer,
                     size_t *answer_length);

/* Answers about entities in columns, without any text between.
 *
 * `asked` is a struct array whose children are the service's keys and what it is given, each by its name;
 * it stays the caller's. `at` is the moment of the answer in microseconds since the beginning of 1970;
 * NULL is now.
 *
 * `answer` becomes a struct array of two children. `features` has a child for each feature in the
 * service's order, `statuses` one of the same name: a dictionary whose indices are MARTLET_PRESENT and
 * so on, in 8 bits. `answer_schema`, which may be NULL, becomes the answer's type, with `version` and
 * `at` as its metadata. Both are released by whoever takes them.
 *
 * For anything but MARTLET_OK neither is written, and `*error` is a problem of RFC 9457 as JSON. */
int martlet_get(martlet *project, const char *service, const int64_t *at,
                const struct ArrowSchema *asked_schema, const struct ArrowArray *asked,
                struct ArrowSchema *answer_schema, struct ArrowArray *answer, char **error);

/* --- One entity at a time, with nothing between
 *
 * A lookup is a service made ready: for a question nothing is looked for, written down or allocated.
 *
 *     martlet_lookup *lookup = martlet_prepare(project, "checkout", &error);
 *     martlet_value customer = {.text = "c1", .size = 2}, amount = {.real = 25.0};
 *     martlet_value values[2];
 *     martlet_ask(lookup, NULL, &customer, &amount, values, NULL, 0, &error);
 */
typedef struct martlet_lookup martlet_lookup;

/* A value: which of the members of the union is meant, its type says. */
typedef struct martlet_value {
  union {
    int64_t integer;  /* MARTLET_INT; MARTLET_BOOL, 0 or 1; MARTLET_TIME, microseconds since 1970 */
    double real;      /* MARTLET_DOUBLE */
    const char *text; /* MARTLET_STRING, UTF-8 without a zero at the end, and MARTLET_BYTES */
  };
  size_t size;     /* the bytes of a text */
  int32_t status;  /* of a feature: MARTLET_PRESENT and so on */
  int32_t is_null; /* 1 where there is no value. A count of what is missing is 0, and no null. */
} martlet_value;

#define MARTLET_BOOL 1
#define MARTLET_INT 2
#define MARTLET_DOUBLE 3
#define MARTLET_STRING 4
#define MARTLET_TIME 5
#define MARTLET_BYTES 6

/* A key, a given value or a feature. */
typedef struct martlet_field {
  const char *name;
  int32_t type;
} martlet_field;

/* Makes `service` ready. Where that cannot be the result is NULL, and `*error` a problem of RFC 9457: where
 * there is no such service, and where it takes or gives lists or vectors. */
martlet_lookup *martlet_prepare(martlet *project, const char *service, char **error);

/* Releases a lookup; NULL is none. Every lookup is released before its project is closed. */
void martlet_release(martlet_lookup *lookup);

/* What a lookup takes and gives, `*count` of them, in the order of `martlet_ask`. They are the lookup's. */
const martlet_field *martlet_keys(const martlet_lookup *lookup, size_t *count);
const martlet_field *martlet_given(const martlet_lookup *lookup, size_t *count);
const martlet_field *martlet_features(const martlet_lookup *lookup, size_t *count);

/* Answers about one entity: a value of `values` for each feature.
 *
 * `keys` and `given` have a value for each key and for what is given; a given value may be null, a key
 * not. `given` may be NULL, which is a null for each. `at` is as in `martlet_get`. Texts are written one after the other to `room`, of `room_size` bytes, and
 * stay good as long as it does; it may be NULL where no feature is a text.
 *
 * Any number of threads may ask one lookup at once. It follows `martlet_update`: a service that takes or gives
 * something else by then is refused with 409, and to be prepared anew. For anything but MARTLET_OK what is in
 * `values` means nothing, and `*error` is a problem of RFC 9457 as JSON. */
int martlet_ask(martlet_lookup *lookup, const int64_t *at, const martlet_value *keys,
                const martlet_value *given, martlet_value *values, char *room, size_t room_size,
                char **error);

/* What is served, as JSON: the body of `GET /v1/catalog`. The caller frees it. */
char *martlet_catalog(martlet *project);

/* Frees a text that one of these calls gave. */
void martlet_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
