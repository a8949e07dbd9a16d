# Functions that add tests; included when the tests are built.

# Where tests have their runtime directories: on tmpfs if there is one.
string(SHA256 WO_TEST_TAG "${CMAKE_CURRENT_BINARY_DIR}")
string(SUBSTRING "${WO_TEST_TAG}" 0 10 WO_TEST_TAG)
if(IS_DIRECTORY /dev/shm)
  set(WO_TEST_ROOT /dev/shm)
else()
  set(WO_TEST_ROOT ${CMAKE_CURRENT_BINARY_DIR})
endif()

# ThreadSanitizer of older compilers cannot live with much address randomization: without it, where
# that is allowed.
set(WO_TEST_LAUNCHER)
find_program(WO_SETARCH setarch)
if(WAITOBJ_SANITIZE MATCHES thread AND WO_SETARCH)
  execute_process(COMMAND ${WO_SETARCH} -R true RESULT_VARIABLE refused ERROR_QUIET)
  if(refused EQUAL 0)
    set(WO_TEST_LAUNCHER ${WO_SETARCH} -R)
  endif()
endif()

set(WO_TEST_ENVIRONMENT
  "TSAN_OPTIONS=halt_on_error=1 second_deadlock_stack=1"
  "ASAN_OPTIONS=detect_stack_use_after_return=1"
  "UBSAN_OPTIONS=print_stacktrace=1")

if(WAITOBJ_TEST_FULL)
  list(APPEND WO_TEST_ENVIRONMENT "WAITOBJ_TEST_FULL=1")
endif()

# What every test has: a time limit (default 60 s; more with sanitizers and for the long forms),
# labels, and a runtime directory of its own, which the test's program or in-runtime makes and
# removes.
function(wo_test_settings name timeout labels)
  if(NOT timeout)
    set(timeout 60)
  endif()
  if(WAITOBJ_TEST_FULL)
    math(EXPR timeout "${timeout} * 60")
  endif()
  if(WAITOBJ_SANITIZE)
    math(EXPR timeout "${timeout} * 5")
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${timeout} LABELS "${labels}"
    SKIP_RETURN_CODE 77
    ENVIRONMENT
    "WAITOBJ_TEST_RUNTIME=${WO_TEST_ROOT}/waitobj-test-${WO_TEST_TAG}-${name};${WO_TEST_ENVIRONMENT}")
endfunction()

# wo_test(name [NO_TSAN] [FORKS] [SOURCES file…] [TIMEOUT s] [LABELS l…] [LINK hooks|shared|win32] [ARGS a…]
#         [DEFINES d…] [OPTIONS o…])
#
# One cmocka program, linked with tests/support, and one CTest test of the same name.
#   SOURCES  default: name.c
#   LABELS   default: the directory's name
#   NO_TSAN  not run under ThreadSanitizer: it hangs or reports where nothing is wrong after forks of
#            many threads and with clone's shared memory; or the test's subject is speed, or damage that
#            makes threads share what they should not
#   FORKS    a little of it forks: ThreadSanitizer takes the child for the holder of its parent's
#            locks, so it does not look for lock cycles here
#   LINK     hooks (default): the static library with its internals and test hooks; shared: the
#            native face of the shared library; win32: the Win32 face of the shared library
function(wo_test name)
  cmake_parse_arguments(T "NO_TSAN;FORKS" "TIMEOUT;LINK" "SOURCES;LABELS;ARGS;DEFINES;OPTIONS" ${ARGN})
  if(NOT T_SOURCES)
    set(T_SOURCES ${name}.c)
  endif()
  if(NOT T_LABELS)
    get_filename_component(T_LABELS ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  endif()
  if(NOT T_LINK)
    set(T_LINK hooks)
  endif()
  set(library_hooks waitobj_hooks)
  set(library_shared waitobj)
  set(library_win32 waitobj_win32)
  add_executable(${name} ${T_SOURCES})
  set_target_properties(${name} PROPERTIES C_EXTENSIONS ON)
  target_compile_definitions(${name} PRIVATE ${T_DEFINES})
  target_compile_options(${name} PRIVATE ${T_OPTIONS})
  target_link_libraries(${name} PRIVATE wo_flags wo_support ${library_${T_LINK}})
  add_test(NAME ${name} COMMAND ${WO_TEST_LAUNCHER} $<TARGET_FILE:${name}> ${T_ARGS})
  wo_test_settings(${name} "${T_TIMEOUT}" "${T_LABELS}")
  if(T_NO_TSAN AND WAITOBJ_SANITIZE MATCHES thread)
    set_tests_properties(${name} PROPERTIES DISABLED TRUE)
  endif()
  if(T_FORKS AND WAITOBJ_SANITIZE MATCHES thread)
    set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT
      "TSAN_OPTIONS=halt_on_error=1 detect_deadlocks=0")
  endif()
endfunction()

# wo_program_test(name [TIMEOUT s] [LABELS l…] COMMAND command [argument…])
#
# A test that is a program without tests/support (an example, a script): run in a runtime directory
# of its own; exit code 0: passed, 77: skipped.
function(wo_program_test name)
  cmake_parse_arguments(T "" "TIMEOUT" "LABELS;COMMAND" ${ARGN})
  if(NOT T_LABELS)
    get_filename_component(T_LABELS ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  endif()
  add_test(NAME ${name}
    COMMAND ${WO_TEST_LAUNCHER} ${PROJECT_SOURCE_DIR}/tests/support/in-runtime ${T_COMMAND})
  wo_test_settings(${name} "${T_TIMEOUT}" "${T_LABELS}")
endfunction()
