# embed_template(layer)
# The built template of the HTML report, reports/html/dist/report.html, becomes a part of the layer,
# byte for byte, between the symbols that html.cpp declares.
enable_language(ASM)
function(embed_template layer)
  set(template "${PROJECT_SOURCE_DIR}/reports/html/dist/report.html")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/template.S.in" template.S @ONLY)
  set(made "${CMAKE_CURRENT_BINARY_DIR}/template.S")
  set_source_files_properties("${made}" PROPERTIES OBJECT_DEPENDS "${template}")
  target_sources(cacherace_${layer} PRIVATE "${made}")
endfunction()
