// What Linux has and the Glibc module leaves out. Some of it hides behind _GNU_SOURCE, which changes
// the types of the other socket calls, so it is declared here.
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

extern int accept4(int, struct sockaddr *restrict, socklen_t *restrict, int);

extern int pthread_setname_np(pthread_t, const char *);

static inline void martlet_name_thread(pthread_t thread, const char *name) {
  pthread_setname_np(thread, name);
}

static inline int martlet_accept(int listener) {
  return accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// The record is packed on some machines, so its fields are set here.
static inline int martlet_epoll_set(int epoll, int operation, int number, uint32_t events,
                                    uint64_t data) {
  struct epoll_event event;
  event.events = events;
  event.data.u64 = data;
  return epoll_ctl(epoll, operation, number, &event);
}
