# Builds SOURCE in BINARY by COMPILER: unoptimized and in few large files, because only what it looks like from
# outside is tested.
find_program(ccache ccache)
set(launcher)
if(ccache)
  set(launcher -DCMAKE_CXX_COMPILER_LAUNCHER=${ccache})
endif()
execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${BINARY} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER} ${launcher}
          -DCMAKE_BUILD_TYPE= -DCMAKE_CXX_FLAGS= -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BINARY} --target purgatory_interop --parallel 2
  COMMAND_ERROR_IS_FATAL ANY)
