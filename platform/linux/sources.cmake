set(WO_PLATFORM_SOURCES
  platform/linux/park.c
  platform/linux/lock.c
  platform/linux/bell.c
  platform/linux/presence.c
  platform/linux/space.c
  platform/common/io.c
  platform/linux/process.c
  platform/linux/spawn.c
  platform/common/process_number.c
  platform/common/child.c
  platform/common/self.c
)
include(CheckSymbolExists)
set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)
check_symbol_exists(on_exit stdlib.h WO_HAVE_ON_EXIT)
unset(CMAKE_REQUIRED_DEFINITIONS)
if(WO_HAVE_ON_EXIT)
  set_source_files_properties(platform/common/self.c PROPERTIES COMPILE_DEFINITIONS WO_HAVE_ON_EXIT)
endif()
