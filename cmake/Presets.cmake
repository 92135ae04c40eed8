# embed_presets(layer)
# The folders of presets/ become a part of the layer, as what presets() returns. Adding, removing or
# editing a file of one configures anew.
function(embed_presets layer)
  set(list "")
  file(GLOB folders CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/presets"
       "${PROJECT_SOURCE_DIR}/presets/*")
  foreach(folder IN LISTS folders)
    file(GLOB files CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/presets/${folder}"
         "${PROJECT_SOURCE_DIR}/presets/${folder}/*")
    string(APPEND list "    {\"${folder}\", {\n")
    foreach(name IN LISTS files)
      set(path "${PROJECT_SOURCE_DIR}/presets/${folder}/${name}")
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
      file(READ "${path}" text)
      string(APPEND list "        {\"${name}\", R\"preset(${text})preset\"},\n")
    endforeach()
    string(APPEND list "    }},\n")
  endforeach()
  set(content "// Made from presets/.

#include \"sim/harness/catalogue/presets.hpp\"

namespace cacherace::harness {

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all{
${list}  };
  return all;
}

}  // namespace cacherace::harness
")
  set(made "${CMAKE_CURRENT_BINARY_DIR}/presets.cpp")
  file(CONFIGURE OUTPUT "${made}" CONTENT "@content@" @ONLY)
  target_sources(cacherace_${layer} PRIVATE "${made}")
endfunction()
