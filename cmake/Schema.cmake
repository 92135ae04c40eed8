# embed_schemas(layer header name…)
# Each published schema, reports/schema/NAME.schema.json, becomes a part of the layer, as the text
# that NAME_schema_file() returns; `header`, as includes name it, declares it in the namespace of the
# first folder. Editing a schema configures anew.
function(embed_schemas layer header)
  string(REGEX REPLACE "^sim/([a-z]+)/.*" "\\1" namespace "${header}")
  foreach(name IN LISTS ARGN)
    set(json "${PROJECT_SOURCE_DIR}/reports/schema/${name}.schema.json")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${json}")
    file(READ "${json}" text)
    configure_file("${PROJECT_SOURCE_DIR}/cmake/schema.cpp.in" ${name}_schema_file.cpp @ONLY)
    target_sources(cacherace_${layer} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/${name}_schema_file.cpp")
  endforeach()
endfunction()
