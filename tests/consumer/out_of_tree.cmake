# Installs the project into a fresh directory, builds examples/plugin against it, and runs its
# program with its plugin. Variables: BUILD, SOURCE, WORK, CXX, FLAGS.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

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
