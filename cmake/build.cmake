# How everything of the project is compiled, and where it lands in the build tree.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)

include(GNUInstallDirs)
include(${CMAKE_CURRENT_LIST_DIR}/purgatory_add_plugin.cmake)

# Where plugins are, seen from the library; the number is the plugin interface's.
set(PURGATORY_PLUGIN_SUBDIR purgatory/plugins-1)
set(PURGATORY_PLUGIN_DIRECTORY ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/${PURGATORY_PLUGIN_SUBDIR})

find_package(fmt REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(Threads REQUIRED)
find_package(yaml-cpp REQUIRED)

# Warnings are errors in our own code, never in a host's or a dependency's.
add_library(purgatory_warnings INTERFACE)
target_compile_options(purgatory_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(purgatory_warnings INTERFACE -Werror)
endif()
# And what our own code may include: everything, from the top.
add_library(purgatory_build INTERFACE)
target_include_directories(purgatory_build INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
target_link_libraries(purgatory_build INTERFACE purgatory_warnings)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees an overlap in std::string's assignment that is not there (GCC bug 105651).
  target_compile_options(purgatory_warnings INTERFACE -Wno-restrict)
endif()
