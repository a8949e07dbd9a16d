# Install rules, the CMake package and the pkg-config modules.
include(CMakePackageConfigHelpers)

set(WO_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/waitobj)
set(WO_PKGCONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS waitobj waitobj_static waitobj_wmain waitobj_win32 waitobj_win32_static
  EXPORT waitobj-targets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/waitobj DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/win32/
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/waitobj-win32)

install(EXPORT waitobj-targets NAMESPACE waitobj:: DESTINATION ${WO_CMAKE_DIR})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/waitobj-config.cmake.in
  ${PROJECT_BINARY_DIR}/waitobj-config.cmake INSTALL_DESTINATION ${WO_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/waitobj-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/waitobj-config.cmake
  ${PROJECT_BINARY_DIR}/waitobj-config-version.cmake DESTINATION ${WO_CMAKE_DIR})

# The modules find the prefix from where they lie, so an installed tree may be moved.
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(WO_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
  set(WO_PC_LIBDIR ${CMAKE_INSTALL_FULL_LIBDIR})
  set(WO_PC_INCLUDEDIR ${CMAKE_INSTALL_FULL_INCLUDEDIR})
else()
  file(RELATIVE_PATH up ${CMAKE_INSTALL_PREFIX}/${WO_PKGCONFIG_DIR} ${CMAKE_INSTALL_PREFIX})
  string(REGEX REPLACE "/$" "" up "${up}")
  set(WO_PC_PREFIX "\${pcfiledir}/${up}")
  set(WO_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
  set(WO_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
foreach(module waitobj waitobj-win32)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/${module}.pc.in ${PROJECT_BINARY_DIR}/${module}.pc
                 @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${module}.pc DESTINATION ${WO_PKGCONFIG_DIR})
endforeach()
