# embed_scenarios(layer)
# The files of scenarios/ and scenarios/field/ become a part of the layer, as what
# shipped_scenarios() returns. Adding, removing or editing one configures anew.
function(embed_scenarios layer)
  set(list "")
  foreach(folder IN ITEMS scenarios scenarios/field)
    file(GLOB files CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
         "${PROJECT_SOURCE_DIR}/${folder}/*.json")
    foreach(path IN LISTS files)
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
                                             "${PROJECT_SOURCE_DIR}/${path}")
      file(READ "${PROJECT_SOURCE_DIR}/${path}" text)
      string(APPEND list "    {\"${path}\", R\"scenario(${text})scenario\"},\n")
    endforeach()
  endforeach()
  set(content "// Made from scenarios/*.json and scenarios/field/*.json.

#include \"sim/harness/catalogue/catalogue.hpp\"

namespace cacherace::harness {

const std::vector<ShippedScenario>& shipped_scenarios() {
  static const std::vector<ShippedScenario> all{
${list}  };
  return all;
}

}  // namespace cacherace::harness
")
  set(made "${CMAKE_CURRENT_BINARY_DIR}/shipped_scenarios.cpp")
  file(CONFIGURE OUTPUT "${made}" CONTENT "@content@" @ONLY)
  target_sources(cacherace_${layer} PRIVATE "${made}")
endfunction()
