/* winnls.h: language support is stringapiset.h. */
#include "stringapiset.h"
