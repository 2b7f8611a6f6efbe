# run(COMMAND ARGUMENT...): ends the test unless the command succeeds; `output` is what it printed.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE error)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}\n${output}\n${error}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()
