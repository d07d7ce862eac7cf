/* How many lookups a second the C interface answers, with nothing between: `in_process PROJECT THREADS
 * SECONDS [NAME]`. The project is that of `serving_project.py`; of the measurements those are made whose names
 * begin with NAME. */
#include <martlet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CUSTOMERS 10000
#define BATCH 100
#define MOST_FEATURES 50

static martlet *project;
static double seconds;
static const char *wanted = "";

/* One entity as JSON, many as columns, or one by a lookup that is prepared. */
enum form { TEXT, COLUMNS, PREPARED };

struct turn {
  const char *service;
  enum form form;
  martlet_lookup *lookup;
  int entities;  /* of one question */
  unsigned draw; /* the next customer */
  long questions;
  double cpu;
};

static double clock_of(clockid_t which) {
  struct timespec now;
  clock_gettime(which, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static unsigned next(struct turn *turn) {
  turn->draw = turn->draw * 1664525u + 1013904223u;
  return (turn->draw >> 8) % CUSTOMERS;
}

static void fail(const char *what) {
  fprintf(stderr, "in_process: %s\n", what);
  exit(3);
}

static void ask_text(struct turn *turn) {
  char question[160];
  int length = snprintf(question, sizeof question,
                        "{\"service\":\"%s\",\"entities\":{\"customer_id\":[\"c%u\"]}}", turn->service,
                        next(turn));
  char *answer;
  size_t size;
  if (martlet_get_json(project, question, (size_t)length, &answer, &size) != MARTLET_OK) fail(answer);
  martlet_free(answer);
}

static void ask_columns(struct turn *turn) {
  char names[BATCH * 8];
  int32_t ends[BATCH + 1] = {0};
  for (int row = 0; row < turn->entities; row++)
    ends[row + 1] = ends[row] + sprintf(names + ends[row], "c%u", next(turn));
  const void *buffers[] = {NULL, ends, names};
  const void *none[] = {NULL};
  struct ArrowArray column = {.length = turn->entities, .n_buffers = 3, .buffers = buffers};
  struct ArrowArray *columns[] = {&column};
  struct ArrowArray asked = {.length = turn->entities,
                             .n_buffers = 1,
                             .buffers = none,
                             .n_children = 1,
                             .children = columns};
  struct ArrowSchema type = {.format = "u", .name = "customer_id"};
  struct ArrowSchema *types[] = {&type};
  struct ArrowSchema asked_type = {.format = "+s", .name = "", .n_children = 1, .children = types};
  struct ArrowArray answer;
  char *error;
  if (martlet_get(project, turn->service, NULL, &asked_type, &asked, NULL, &answer, &error) !=
      MARTLET_OK)
    fail(error);
  answer.release(&answer);
}

static void ask_prepared(struct turn *turn) {
  char name[8];
  martlet_value key = {.text = name, .size = (size_t)sprintf(name, "c%u", next(turn))};
  martlet_value values[MOST_FEATURES];
  char *error;
  if (martlet_ask(turn->lookup, NULL, &key, NULL, values, NULL, 0, &error) != MARTLET_OK) fail(error);
  if (values[0].status != MARTLET_PRESENT && values[0].status != MARTLET_NULL) fail("a value is missing");
}

static void *run(void *given) {
  struct turn *turn = given;
  double end = clock_of(CLOCK_MONOTONIC) + seconds, start = clock_of(CLOCK_THREAD_CPUTIME_ID);
  while (clock_of(CLOCK_MONOTONIC) < end) {
    for (int count = 0; count < 16; count++) {
      if (turn->form == TEXT) ask_text(turn);
      else if (turn->form == COLUMNS) ask_columns(turn);
      else ask_prepared(turn);
    }
    turn->questions += 16;
  }
  turn->cpu = clock_of(CLOCK_THREAD_CPUTIME_ID) - start;
  return NULL;
}

static void measure(const char *name, const char *service, enum form form, int entities, int threads) {
  if (strncmp(name, wanted, strlen(wanted)) != 0) return;
  pthread_t workers[64];
  struct turn turns[64];
  char *error;
  martlet_lookup *lookup = martlet_prepare(project, service, &error);
  if (!lookup) fail(error);
  for (int number = 0; number < threads; number++) {
    turns[number] = (struct turn){service, form, lookup, entities, (unsigned)number * 7919u, 0, 0};
    pthread_create(&workers[number], NULL, run, &turns[number]);
  }
  long questions = 0;
  double cpu = 0;
  for (int number = 0; number < threads; number++) {
    pthread_join(workers[number], NULL);
    questions += turns[number].questions;
    cpu += turns[number].cpu;
  }
  martlet_release(lookup);
  printf("%-34s %d threads %9.0f questions/s %9.0f entities/s %8.2f us of CPU a question\n", name,
         threads, questions / seconds, questions * entities / seconds, cpu / questions * 1e6);
}

int main(int count, char **words) {
  if (count < 4 || count > 5) {
    fprintf(stderr, "usage: in_process PROJECT THREADS SECONDS [NAME]\n");
    return 2;
  }
  int threads = atoi(words[2]) > 64 ? 64 : atoi(words[2]);
  seconds = atof(words[3]);
  if (count == 5) wanted = words[4];
  char *error;
  project = martlet_open(words[1], NULL, &error);
  if (!project) fail(error);
  measure("fraud_check, prepared, 1 entity", "fraud_check", PREPARED, 1, threads);
  measure("ten, prepared, 1 entity", "ten", PREPARED, 1, threads);
  measure("wide, prepared, 1 entity", "wide", PREPARED, 1, threads);
  measure("fraud_check, JSON, 1 entity", "fraud_check", TEXT, 1, threads);
  measure("ten, JSON, 1 entity", "ten", TEXT, 1, threads);
  measure("fraud_check, columns, 1 entity", "fraud_check", COLUMNS, 1, threads);
  measure("fraud_check, columns, 100 entities", "fraud_check", COLUMNS, BATCH, threads);
  measure("ten, columns, 100 entities", "ten", COLUMNS, BATCH, threads);
  measure("wide, columns, 100 entities", "wide", COLUMNS, BATCH, threads);
  martlet_close(project);
}
