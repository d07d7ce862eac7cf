// The plain functions for one hash are meant here: what replaces them looks the hash up by its name first.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/sha.h>
