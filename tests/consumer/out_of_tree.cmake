# Installs the project into a fresh directory, builds examples/plugin against it, and runs its
# program with its plugin. Variables: BUILD, SOURCE, WORK, CXX, FLAGS.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
file(COPY ${SOURCE}/ DESTINATION ${WORK}/plugin)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -S ${WORK}/plugin -B ${WORK}/plugin/build -DCMAKE_PREFIX_PATH=${WORK}/prefix
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --build ${WORK}/plugin/build)
run(${WORK}/plugin/build/host ${WORK}/plugin/purgatory.yaml)
if(NOT output STREQUAL "jobs 1\nmemory_max_bytes 2097152\n")
  message(FATAL_ERROR "the program with the plugin printed:\n${output}")
endif()
