# What `cmake --install` puts where: the program, what it prints about itself, and the files that are
# shipped with it.
include(GNUInstallDirs)

# printed(file argument…)
# What cacherace prints for these arguments becomes a file of the build.
function(printed file)
  add_custom_command(OUTPUT "${file}" COMMAND cacherace ${ARGN} > "${file}" DEPENDS cacherace VERBATIM)
  set_property(TARGET about APPEND PROPERTY SOURCES "${file}")
endfunction()

set(about "${CMAKE_BINARY_DIR}/about")
file(MAKE_DIRECTORY "${about}")
add_custom_target(about ALL)
printed("${about}/cacherace.1" man)
printed("${about}/cacherace" completion bash)
printed("${about}/_cacherace" completion zsh)
printed("${about}/cacherace.fish" completion fish)

install(TARGETS cacherace)
install(FILES "${about}/cacherace.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${about}/cacherace" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${about}/_cacherace" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
install(FILES "${about}/cacherace.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
# The program looks for them there, seen from its own place: sim/cli/system/installed.hpp.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/scenarios" "${PROJECT_SOURCE_DIR}/reports/schema"
        DESTINATION share/cacherace USE_SOURCE_PERMISSIONS)
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/CHANGELOG.md"
        DESTINATION "${CMAKE_INSTALL_DOCDIR}")
