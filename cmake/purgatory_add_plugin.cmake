# purgatory_add_plugin(NAME SOURCE... [LINK LIBRARY...])
#
# Builds the backend NAME as the plugin purgatory_NAME.so, target purgatory_NAME. It exports nothing
# but its descriptor, and hides what is linked into it statically: a host may have another version
# of the same library. Inside of this project a NAME of PURGATORY_BUILTIN_PLUGINS becomes a part of
# the library instead. The target purgatory_NAME_objects is what both are made of.
include_guard()
set(PURGATORY_PLUGIN_EXPORTS ${CMAKE_CURRENT_LIST_DIR}/plugin_exports.map)

function(purgatory_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 plugin "" "" "LINK")
  set(objects purgatory_${name}_objects)
  add_library(${objects} OBJECT ${plugin_UNPARSED_ARGUMENTS})
  target_compile_features(${objects} PUBLIC cxx_std_20)
  target_include_directories(${objects} PUBLIC
    $<TARGET_PROPERTY:purgatory::purgatory,INTERFACE_INCLUDE_DIRECTORIES>)
  target_link_libraries(${objects} PUBLIC ${plugin_LINK})
  set_target_properties(${objects} PROPERTIES
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)

  if(name IN_LIST PURGATORY_BUILTIN_PLUGINS)
    target_compile_definitions(${objects} PRIVATE PURGATORY_PLUGIN_SYMBOL=purgatory_builtin_${name})
    target_link_libraries(purgatory PRIVATE ${objects})
    return()
  endif()
  add_library(purgatory_${name} MODULE)
  target_link_libraries(purgatory_${name} PRIVATE ${objects} purgatory::purgatory)
  set_target_properties(purgatory_${name} PROPERTIES
    PREFIX "" LINK_DEPENDS ${PURGATORY_PLUGIN_EXPORTS})
  # --as-needed: g++ of Debian does that by itself, clang++ and the sanitizers do not.
  target_link_options(purgatory_${name} PRIVATE -Wl,--as-needed
    -Wl,--version-script,${PURGATORY_PLUGIN_EXPORTS} -Wl,--exclude-libs,ALL)
  if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")  # those symbols come with the program
    target_link_options(purgatory_${name} PRIVATE -Wl,-z,defs)
  endif()
endfunction()
