#include <zlib.h>

#include "crc.h"
