cmake_minimum_required(VERSION 3.25)
# Fails unless each plugin in DIRECTORY exports its descriptor alone and needs no library but those that every
# program with this library has. NM and READELF are programs; SANITIZED: then those libraries are allowed too, and
# the one that Abseil's checks for sanitizers report by.
file(GLOB plugins ${DIRECTORY}/purgatory_*.so)
if(NOT plugins)
  message(FATAL_ERROR "there is no plugin in ${DIRECTORY}")
endif()
set(allowed libpurgatory.so.0 libfmt.so.9 libstdc++.so.6 libgcc_s.so.1 libc.so.6 libm.so.6 ld-linux-x86-64.so.2)
foreach(plugin ${plugins})
  execute_process(COMMAND ${NM} -D --defined-only --format=posix ${plugin}
    OUTPUT_VARIABLE exported COMMAND_ERROR_IS_FATAL ANY)
  if(NOT exported MATCHES "^purgatory_plugin_v1 [A-Z] [^\n]*\n$")
    message(SEND_ERROR "${plugin} exports more or less than purgatory_plugin_v1:\n${exported}")
  endif()

  execute_process(COMMAND ${READELF} -dW ${plugin} OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "\\(NEEDED\\)[^[]*\\[[^]]*\\]" needed "${dynamic}")
  foreach(library ${needed})
    string(REGEX REPLACE ".*\\[([^]]*)\\]" "\\1" library "${library}")
    if(library IN_LIST allowed OR (SANITIZED AND library MATCHES "^lib(asan|ubsan|tsan|absl_raw_logging_internal)\\.so"))
      continue()
    endif()
    message(SEND_ERROR "${plugin} needs ${library}; link it statically, or it can clash with a host's")
  endforeach()
  message(STATUS "checked ${plugin}")
endforeach()
