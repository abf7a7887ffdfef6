# Compiles every file below templates/ into the program: sets resources_cpp to the generated source,
# made again when a template changes.
set(resources_dir ${CMAKE_CURRENT_SOURCE_DIR}/../templates)
file(GLOB_RECURSE resource_files CONFIGURE_DEPENDS RELATIVE ${resources_dir} ${resources_dir}/*)
set(resources_cpp ${CMAKE_CURRENT_BINARY_DIR}/resources.cpp)
list(TRANSFORM resource_files PREPEND ${resources_dir}/ OUTPUT_VARIABLE resource_paths)
add_custom_command(
  OUTPUT ${resources_cpp}
  COMMAND ${CMAKE_COMMAND} -DRESOURCES_DIR=${resources_dir} "-DRESOURCES=${resource_files}"
    -DOUTPUT=${resources_cpp} -P ${CMAKE_CURRENT_SOURCE_DIR}/EmbedResources.cmake
  DEPENDS ${resource_paths} ${CMAKE_CURRENT_SOURCE_DIR}/EmbedResources.cmake
  COMMENT "Embedding templates"
  VERBATIM)
