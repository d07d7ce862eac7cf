/* Asks for the same without a server, from C: `lookup PROJECT`.
 *
 *     cc lookup.c -Iinclude -Llib -lmartlet -o lookup
 */
#include <martlet.h>
#include <stdio.h>
#include <string.h>

/* Two customers and their baskets, as a struct array of two columns. Nothing is copied, and nothing is to
 * be freed: the call only reads. */
static const int32_t ends[] = {0, 2, 4};
static const char names[] = "c1c9";
static const double amounts[] = {25, 25};
static const void *customer_buffers[] = {NULL, ends, names};
static const void *amount_buffers[] = {NULL, amounts};
static const void *no_buffers[] = {NULL};

static struct ArrowArray customer = {.length = 2, .n_buffers = 3, .buffers = customer_buffers};
static struct ArrowArray amount = {.length = 2, .n_buffers = 2, .buffers = amount_buffers};
static struct ArrowArray *columns[] = {&customer, &amount};
static struct ArrowArray asked = {
    .length = 2, .n_buffers = 1, .buffers = no_buffers, .n_children = 2, .children = columns};

static struct ArrowSchema customer_type = {.format = "u", .name = "customer"};
static struct ArrowSchema amount_type = {.format = "g", .name = "amount"};
static struct ArrowSchema *types[] = {&customer_type, &amount_type};
static struct ArrowSchema asked_type = {
    .format = "+s", .name = "", .n_children = 2, .children = types};

static const char *const words[] = {"present", "null", "expired", "missing"};

/* Whether there is a value: a bit for each row, where there are bits. */
static int is_there(const struct ArrowArray *column, int row) {
  const uint8_t *bits = column->buffers[0];
  return !bits || bits[row / 8] >> row % 8 & 1;
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: lookup PROJECT\n");
    return 2;
  }
  char *error = NULL;
  martlet *project = martlet_open(arguments[1], NULL, &error);
  if (!project) {
    fprintf(stderr, "%s\n", error);
    martlet_free(error);
    return 3;
  }

  /* As columns. */
  struct ArrowArray answer;
  int status = martlet_get(project, "checkout", NULL, &asked_type, &asked, NULL, &answer, &error);
  if (status != MARTLET_OK) {
    fprintf(stderr, "%s\n", error);
    martlet_free(error);
    martlet_close(project);
    return 3;
  }
  const struct ArrowArray *paid = answer.children[0]->children[0];
  const int8_t *paid_statuses = answer.children[1]->children[0]->buffers[1];
  for (int row = 0; row < 2; row++) {
    printf("%.2s %s", names + ends[row], words[paid_statuses[row]]);
    if (is_there(paid, row)) printf(" %g", ((const double *)paid->buffers[1])[row]);
    printf("\n");
  }
  answer.release(&answer);

  /* As text: what HTTP would say. */
  const char *question = "{\"service\":\"checkout\",\"entities\":{\"customer\":[\"c1\"]},"
                         "\"given\":{\"amount\":[25]}}";
  char *text = NULL;
  size_t length = 0;
  status = martlet_get_json(project, question, strlen(question), &text, &length);
  const char *features = status == MARTLET_OK ? strstr(text, "\"features\"") : text;
  printf("%d %s\n", status, features ? features : "");
  martlet_free(text);

  /* One customer at a time, again and again: a lookup is prepared once. */
  martlet_lookup *lookup = martlet_prepare(project, "checkout", &error);
  size_t feature_count = 0;
  const martlet_field *fields = martlet_features(lookup, &feature_count);
  if (!lookup || feature_count > 16) {
    fprintf(stderr, "%s\n", error ? error : "the service has more than 16 features");
    return 3;
  }
  martlet_value one = {.text = "c1", .size = 2}, basket = {.real = 25}, values[16];
  status = martlet_ask(lookup, NULL, &one, &basket, values, NULL, 0, &error);
  if (status != MARTLET_OK) {
    fprintf(stderr, "%s\n", error);
    return 3;
  }
  for (size_t place = 0; place < feature_count; place++) {
    printf("%s %s", fields[place].name, words[values[place].status]);
    if (!values[place].is_null && fields[place].type == MARTLET_DOUBLE)
      printf(" %g", values[place].real);
    if (!values[place].is_null && fields[place].type == MARTLET_INT)
      printf(" %lld", (long long)values[place].integer);
    printf("\n");
  }
  martlet_release(lookup);
  martlet_close(project);
  return 0;
}
