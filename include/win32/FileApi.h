/* FileApi.h: another spelling of fileapi.h. */
#include "fileapi.h"
