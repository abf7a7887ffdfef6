# Builds the fuzzers with clang++ in BUILD and runs each on its corpus and for SECONDS beyond it.
foreach(command IN ITEMS
    "-S;${SOURCE};-B;${BUILD};-G;Ninja;-DCMAKE_CXX_COMPILER=clang++;-DCMAKE_BUILD_TYPE=None;-DDEB_VENV_FUZZ=ON;-DDEB_VENV_FUZZ_SECONDS=${SECONDS}"
    "--build;${BUILD};--target;fuzz-smoke;--parallel;2")
  execute_process(COMMAND ${CMAKE_COMMAND} ${command} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "a fuzzer failed, or could not be made; what it found is in crash-* and its like of ${BUILD}")
  endif()
endforeach()
