# What `cmake --install` puts down, for find_package(purgatory).
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/purgatory)

install(TARGETS purgatory EXPORT purgatory
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/purgatory DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT purgatory NAMESPACE purgatory:: FILE purgatoryTargets.cmake DESTINATION ${package})
configure_package_config_file(cmake/purgatoryConfig.cmake.in purgatoryConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(purgatoryConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/purgatoryConfig.cmake
  ${PROJECT_BINARY_DIR}/purgatoryConfigVersion.cmake
  cmake/purgatory_add_plugin.cmake
  cmake/plugin_exports.map
  DESTINATION ${package})
