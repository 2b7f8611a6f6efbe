# Builds the library static with its backends built in, and runs the tour: it prints what it always
# prints, and does not even know how to load something. Variables: SOURCE, WORK, CXX, LAUNCHER, NM.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)

run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK} -G Ninja -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_BUILD_TYPE=Release -DCMAKE_UNITY_BUILD=ON
    -DPURGATORY_TESTS=OFF -DPURGATORY_SHARED=OFF -DPURGATORY_BUILTIN_PLUGINS=memory)
run(${CMAKE_COMMAND} --build ${WORK} --target purgatory_tour)
run(${NM} -D ${WORK}/bin/purgatory_tour)
if(output MATCHES "dlopen|purgatory_plugin")
  message(FATAL_ERROR "a static program can load or be a plugin:\n${output}")
endif()
run(${WORK}/bin/purgatory_tour ${SOURCE}/examples/data)
file(READ ${SOURCE}/examples/tour/expected_output.txt expected)
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "the static tour prints something else:\n${output}")
endif()
