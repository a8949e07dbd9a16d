set(WO_PLATFORM_SOURCES
  platform/posix/park.c
  platform/posix/lock.c
  platform/posix/bell.c
  platform/posix/presence.c
  platform/posix/space.c
  platform/common/io.c
  platform/posix/process.c
  platform/posix/spawn.c
  platform/common/process_number.c
  platform/common/child.c
  platform/common/self.c
)
include(CheckSymbolExists)
set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)
check_symbol_exists(on_exit stdlib.h WO_HAVE_ON_EXIT)
check_symbol_exists(_Fork unistd.h WO_HAVE__FORK)
unset(CMAKE_REQUIRED_DEFINITIONS)
if(WO_HAVE_ON_EXIT)
  set_source_files_properties(platform/common/self.c PROPERTIES COMPILE_DEFINITIONS WO_HAVE_ON_EXIT)
endif()
if(WO_HAVE__FORK)
  set_source_files_properties(platform/posix/spawn.c PROPERTIES COMPILE_DEFINITIONS WO_HAVE__FORK)
endif()
